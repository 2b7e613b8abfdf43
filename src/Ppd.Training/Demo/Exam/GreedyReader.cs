using System.Text;
using Ppd.Chat;
using Ppd.Native;
using Ppd.Training.Demo.Corpus;
using Ppd.Training.Demo.Training;

namespace Ppd.Training.Demo.Exam;

/// <summary>Answers conversations with the exported file in llama.cpp, one token after the other.</summary>
sealed class GreedyReader(LlamaModel model, int threads) : IDisposable
{
    const int MaxReply = 160;   // tokens
    const int Cells = 1024;

    readonly LlamaContext _context = LlamaContext.Create(model, new ContextSettings(Cells, Cells, 1, 1, threads, FlashAttention: false));
    readonly LlamaBatch _batch = new(Cells, model.EmbeddingLength);

    public Transcript Answer(Conversation conversation)
    {
        var prompt = PromptTokenizer.Tokenize(model.Vocabulary, LessonReader.Render(conversation, forReply: true).Segments, addBeginningOfText: true);
        _context.ClearCells();
        _batch.Clear();
        for (var i = 0; i < prompt.Length; i++) _batch.AddToken(prompt[i], i, [0], wantsLogits: i == prompt.Length - 1);
        List<int> reply = [];
        List<byte> text = [];
        while (true)
        {
            _context.Decode(_batch);
            var logits = _context.Logits(_batch.Count - 1);
            var token = System.Numerics.Tensors.TensorPrimitives.IndexOfMax(logits);
            reply.Add(token);
            var ended = model.Vocabulary.EndsGeneration(token);
            if (ended || reply.Count == MaxReply || prompt.Length + reply.Count == Cells)
                return new Transcript(prompt, [.. reply], Encoding.UTF8.GetString([.. text]), ended);
            text.AddRange(model.Vocabulary.Piece(token));
            _batch.Clear();
            _batch.AddToken(token, prompt.Length + reply.Count - 1, [0], wantsLogits: true);
        }
    }

    public void Dispose()
    {
        _batch.Dispose();
        _context.Dispose();
    }
}
