using Ppd.LoadProbe;

// What may end a process is tried in one of its own.
//   Ppd.LoadProbe FILE...                 one line a file: OK, REFUSED (a typed error) or BROKEN (any other), then name and message
//   Ppd.LoadProbe --resources FILE LEAK   what many loads and requests leave behind; LEAK: none, models, files or memory
if (args is ["--resources", var file, var leak])
{
    await ResourceProbe.Run(file, leak);
    return;
}
foreach (var path in args) Console.WriteLine(await FileProbe.Run(path));
