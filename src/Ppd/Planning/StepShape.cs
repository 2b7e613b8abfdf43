namespace Ppd.Planning;

/// <summary>What the compute graph of a step depends on: llama.cpp builds it anew when one of these changes (native.md 3).</summary>
/// <param name="Rows">Rows.</param>
/// <param name="Paths">Sequences of the trees.</param>
/// <param name="Outputs">Rows with logits.</param>
readonly record struct StepShape(int Rows, int Paths, int Outputs);
