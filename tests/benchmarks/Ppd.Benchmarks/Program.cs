// Measures the engine against a bare loop over the C API, and what a step costs outside llama_decode.
//   dotnet run -c Release --project tests/benchmarks/Ppd.Benchmarks -- baseline [--threads N] [--tokens N] [--repeat N] [--flash-attention]
//   dotnet run -c Release --project tests/benchmarks/Ppd.Benchmarks -- host     [--threads N]
//   dotnet run -c Release --project tests/benchmarks/Ppd.Benchmarks -- grammar  [--threads N]
//   dotnet run -c Release --project tests/benchmarks/Ppd.Benchmarks -- planning [--repeat N]
//   dotnet run -c Release --project tests/benchmarks/Ppd.Benchmarks -- never    [MODEL] [--small] [--believed X] [--steps] [--type F16|BF16|Q8_0|Q4_0] [--tokens N] [--replies N] [--repeat N] [--threads N] [--concurrency N]
//   dotnet run -c Release --project tests/benchmarks/Ppd.Benchmarks -- neighbour [MODEL] [--tokens N] [--repeat N] [--threads N] [--neighbours N]
//   dotnet run -c Release --project tests/benchmarks/Ppd.Benchmarks -- replay   [MODEL [PROMPTS]] [--prompt-tokens FILE] [--tokens N] [--threads N] [--rounds N] [--per-row X,Y] [--target SPEED,SPEED] [--costs RESULTS] [--large]
//   dotnet run -c Release --project tests/benchmarks/Ppd.Benchmarks -- predict [FILE.ppd.gguf [--model MODEL] [--threads N]]
//   dotnet run -c Release --project tests/benchmarks/Ppd.Benchmarks -- memory   [MODEL] [--plain]
//   dotnet run --project tests/benchmarks/Ppd.Benchmarks -- model PATH     writes a small random chat model, to try programs on
// Nothing else may run beside a measurement; the load is printed first.
using Ppd.Benchmarks;

if (args.Length == 0)
{
    Console.Error.WriteLine("Say what to measure: baseline, host, grammar, planning, never, neighbour, replay, predict or memory. The head of Program.cs shows the options.");
    return 2;
}
Console.WriteLine($"load {File.ReadAllText("/proc/loadavg").Trim()}, {Environment.ProcessorCount} processors, .NET {Environment.Version}");
var arguments = new Arguments(args);
switch (args[0])
{
    case "baseline": Baseline.Run(arguments); return 0;
    case "planning": PlanningTime.Run(arguments); return 0;
    case "replay": Replay.Run(arguments); return 0;
    case "predict": Predict.Run(arguments); return 0;
    case "never": return NeverRight.Run(arguments);
    case "neighbour": Neighbour.Run(arguments); return 0;
    case "host": HostTime.Run(arguments); return 0;
    case "grammar": GrammarTime.Run(arguments); return 0;
    case "memory": await Memory.Run(arguments); return 0;
    case "model": Models.WriteChatModel(arguments.Word(0) ?? throw new ArgumentException("Give the path to write to.")); return 0;
    default:
        Console.Error.WriteLine($"'{args[0]}' is not measured here; baseline, host, grammar, planning, never, neighbour, replay, predict and memory are; model writes one.");
        return 2;
}
