const lines = [];
const element = id => document.getElementById(id);

const model = await (await fetch("model")).json();
element("model").textContent = model.modelId;

function addLine(role, text) {
  const line = document.createElement("div");
  line.className = role;
  line.textContent = text;
  element("lines").append(line);
  line.scrollIntoView();
  return line;
}

function addStep(reply, step, sums) {
  if (step.tokens > 0) {
    const together = document.createElement("span");
    together.className = `together-${Math.min(step.tokens, 4)}`;
    together.title = `${step.tokens} tokens, ${step.rows} rows, ${step.milliseconds.toFixed(2)} ms`;
    together.textContent = step.text;
    reply.append(together);
  }

  sums.steps++;
  sums.tokens += step.draws;
  sums.rows += step.rows;
  sums.milliseconds += step.milliseconds;
  sums.plain += step.plainMilliseconds * step.draws;   // plain decoding takes a pass for each token
  element("tokens-per-step").textContent = (sums.tokens / sums.steps).toFixed(2);
  element("rows-per-step").textContent = (sums.rows / sums.steps).toFixed(1);
  element("tokens-per-second").textContent = (1000 * sums.tokens / sums.milliseconds).toFixed(0);
  element("against-plain").textContent = `${(sums.plain / sums.milliseconds).toFixed(2)} ×`;
}

async function* events(response) {
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let pending = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    pending += value;
    const complete = pending.split("\n\n");
    pending = complete.pop();
    for (const event of complete) yield JSON.parse(event.split("\n").filter(line => line.startsWith("data: ")).map(line => line.slice(6)).join("\n"));
  }
}

async function ask(question) {
  lines.push({ role: "user", text: question });
  addLine("user", question);
  const reply = addLine("assistant", "");
  const sums = { steps: 0, tokens: 0, rows: 0, milliseconds: 0, plain: 0 };
  try {
    const response = await fetch("chat", { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ lines, drafting: element("drafting").checked }) });
    if (!response.ok) throw new Error(`The server answered ${response.status}.`);
    for await (const event of events(response)) {
      if (event.draws) addStep(reply, event, sums);
      if (event.error) throw new Error(event.error);
      if (event.reply != null) {
        reply.append(event.text);
        lines.push({ role: "assistant", text: event.reply });
        reply.title = event.summary ?? "";
        reply.dataset.done = "true";
      }
    }
  } catch (error) {
    lines.pop();
    addLine("error", error.message);
  }
}

element("ask").addEventListener("submit", async event => {
  event.preventDefault();
  const question = element("question").value.trim();
  if (!question) return;
  element("question").value = "";
  const controls = [...element("ask").elements];
  for (const control of controls) control.disabled = true;
  await ask(question);
  for (const control of controls) control.disabled = false;
  element("question").focus();
});
