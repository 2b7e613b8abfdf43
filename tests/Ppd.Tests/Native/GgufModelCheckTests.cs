using Ppd.Native;
using Ppd.Testing;

namespace Ppd.Tests.Native;

/// <summary>Every way in which a valid GGUF file can still abort llama.cpp or be no text generator, and what is said about it.</summary>
public sealed class GgufModelCheckTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    static readonly Dictionary<string, (Func<TinyModel> Model, string[] Said)> Cases = new()
    {
        ["no architecture"] = (() => new TinyModel().WithKey("general.architecture", null), ["'general.architecture'"]),
        ["architecture of another type"] = (() => new TinyModel().WithKey("general.architecture", 5u), ["UInt32", "String"]),
        ["unknown architecture"] = (() => new TinyModel("llamma"), ["'llamma'", "Supported: llama"]),
        ["recurrent"] = (() => new TinyModel("mamba"), ["'mamba'", "recurrent state", "rolled back"]),
        ["hybrid"] = (() => new TinyModel("jamba"), ["'jamba'", "recurrent or convolution layers"]),
        ["encoder"] = (() => new TinyModel("bert"), ["'bert'", "encoder"]),
        ["encoder-decoder"] = (() => new TinyModel("t5"), ["'t5'", "encoder-decoder"]),
        ["diffusion"] = (() => new TinyModel("dream"), ["'dream'", "diffusion"]),
        ["draft head"] = (() => new TinyModel("eagle3"), ["'eagle3'", "part of another model"]),
        ["not causal"] = (() => new TinyModel().With("attention.causal", false), ["attention.causal", "only causal"]),
        ["embedding model"] = (() => new TinyModel().With("pooling_type", 3u), ["pooling_type", "is 3", "embedding"]),
        ["classifier"] = (() => new TinyModel().With("classifier.output_labels", new[] { "yes", "no" }), ["classifier.output_labels"]),
        ["extra prediction layers"] = (() => new TinyModel().With("nextn_predict_layers", 3u), ["nextn_predict_layers", "is 3"]),
        ["no context length"] = (() => new TinyModel().With("context_length", null), ["'llama.context_length'"]),
        ["context length 0"] = (() => new TinyModel().With("context_length", 0u), ["llama.context_length", "is 0"]),
        ["context length of another type"] = (() => new TinyModel().With("context_length", 64L), ["llama.context_length", "Int64", "UInt32"]),
        ["embedding length 0"] = (() => new TinyModel().With("embedding_length", 0u), ["llama.embedding_length", "is 0"]),
        ["no blocks"] = (() => new TinyModel().With("block_count", 0u), ["llama.block_count", "is 0", "1 to 512"]),
        ["too many blocks"] = (() => new TinyModel().With("block_count", 513u), ["llama.block_count", "is 513", "1 to 512"]),
        ["no feed-forward length"] = (() => new TinyModel().With("feed_forward_length", null), ["'llama.feed_forward_length'"]),
        ["no heads"] = (() => new TinyModel().With("attention.head_count", 0u), ["attention.head_count", "is 0"]),
        ["no head count"] = (() => new TinyModel().With("attention.head_count", null), ["'llama.attention.head_count'"]),
        ["more heads than elements"] = (() => new TinyModel().With("attention.head_count", 64u).With("attention.head_count_kv", 64u), ["attention.head_count", "64"]),
        ["heads that do not divide"] = (() => new TinyModel("qwen2").With("attention.head_count", 6u), ["qwen2.attention.head_count", "6 heads"]),
        ["KV heads 0"] = (() => new TinyModel().With("attention.head_count_kv", 0u), ["attention.head_count_kv", "is 0"]),
        ["KV heads that do not divide"] = (() => new TinyModel().With("attention.head_count_kv", 3u), ["attention.head_count_kv", "is 3", "divide"]),
        ["heads of another block count"] = (() => new TinyModel().With("attention.head_count", new[] { 4 }), ["attention.head_count", "of length 1", "2 blocks"]),
        ["heads that differ by block"] = (() => new TinyModel().With("attention.head_count_kv", new[] { 2, 4 }), ["attention.head_count_kv", "block to block"]),
        ["negative heads in an array"] = (() => new TinyModel().With("attention.head_count", new[] { -4, -4 }), ["attention.head_count", "is -4"]),
        ["value length unlike key length"] = (() => new TinyModel().With("attention.value_length", 16u), ["attention.value_length", "key length 8"]),
        ["epsilon missing"] = (() => new TinyModel().With("attention.layer_norm_rms_epsilon", null), ["layer_norm_rms_epsilon"]),
        ["epsilon NaN"] = (() => new TinyModel().With("attention.layer_norm_rms_epsilon", float.NaN), ["layer_norm_rms_epsilon", "NaN"]),
        ["epsilon infinite"] = (() => new TinyModel().With("attention.layer_norm_rms_epsilon", float.PositiveInfinity), ["layer_norm_rms_epsilon", "Infinity"]),
        ["epsilon negative"] = (() => new TinyModel().With("attention.layer_norm_rms_epsilon", -1e-5f), ["layer_norm_rms_epsilon", "-1E-05"]),
        ["epsilon 0"] = (() => new TinyModel().With("attention.layer_norm_rms_epsilon", 0f), ["layer_norm_rms_epsilon", "is 0"]),
        ["layer norm epsilon missing"] = (() => new TinyModel("gpt2"), ["gpt2.attention.layer_norm_epsilon"]),
        ["layer norm epsilon negative"] = (() => new TinyModel("gpt2").With("attention.layer_norm_epsilon", -1f), ["gpt2.attention.layer_norm_epsilon", "-1"]),
        ["other float that is no number"] = (() => new TinyModel().With("logit_scale", float.NaN), ["llama.logit_scale", "finite"]),
        ["rope base 0"] = (() => new TinyModel().With("rope.freq_base", 0f), ["rope.freq_base", "positive"]),
        ["negative rope factor"] = (() => new TinyModel().With("rope.scaling.factor", -2f), ["rope.scaling.factor", "negative"]),
        ["unknown rope scaling"] = (() => new TinyModel().With("rope.scaling.type", "magic"), ["rope.scaling.type", "magic", "yarn"]),
        ["rope unlike head"] = (() => new TinyModel().With("rope.dimension_count", 4u), ["rope.dimension_count", "equal to the head length 8"]),
        ["rope longer than head"] = (() => new TinyModel("gemma").With("rope.dimension_count", 10u), ["gemma.rope.dimension_count", "at most the head length 8"]),
        ["odd rope"] = (() => new TinyModel("gemma").With("rope.dimension_count", 5u), ["gemma.rope.dimension_count", "even"]),
        ["experts where there are none"] = (() => new TinyModel("qwen2").With("expert_count", 8u).With("expert_used_count", 2u), ["qwen2.expert_count", "no experts"]),
        ["too many experts"] = (() => new TinyModel().With("expert_count", 1025u).With("expert_used_count", 2u), ["expert_count", "1024"]),
        ["no expert used"] = (() => new TinyModel().With("expert_count", 8u), ["expert_used_count", "is 0"]),
        ["more experts used than there are"] = (() => new TinyModel().With("expert_count", 8u).With("expert_used_count", 9u), ["expert_used_count", "is 9"]),
        ["experts used but none there"] = (() => new TinyModel().With("expert_used_count", 2u), ["expert_used_count", "there are no experts"]),
        ["groups that do not divide the experts"] = (() => new TinyModel().With("expert_count", 8u).With("expert_used_count", 2u)
            .With("expert_group_count", 3u).With("expert_group_used_count", 1u), ["expert_group_count", "is 3"]),
        ["groups without experts"] = (() => new TinyModel().With("expert_group_count", 1u), ["expert_group_count", "is 1"]),
        ["window 0 where it is needed"] = (() => new TinyModel("gemma2").With("attention.sliding_window", 0u), ["gemma2.attention.sliding_window", "is 0"]),
        ["no layer windowed"] = (() => new TinyModel("gemma2").With("attention.sliding_window_pattern", 1u), ["sliding_window_pattern", "0 of 2 layers"]),
        ["all layers windowed"] = (() => new TinyModel("gemma3").With("attention.sliding_window", 16u), ["sliding_window_pattern", "2 of 2 layers"]),
        ["window pattern of another length"] = (() => new TinyModel("gemma2").With("attention.sliding_window_pattern", new[] { true }), ["sliding_window_pattern", "of length 1"]),
        ["no rope sections"] = (() => new TinyModel("qwen2vl"), ["'qwen2vl.rope.dimension_sections'"]),
        ["rope sections all 0"] = (() => new TinyModel("qwen2vl").With("rope.dimension_sections", new[] { 0, 0, 0, 0 }), ["rope.dimension_sections", "[0, 0, 0, 0]"]),
        ["no tokeniser"] = (() => new TinyModel().WithKey("tokenizer.ggml.model", null), ["'tokenizer.ggml.model'"]),
        ["tokeniser none"] = (() => new TinyModel().WithKey("tokenizer.ggml.model", "none"), ["'none'", "cannot turn text into tokens"]),
        ["unsupported tokeniser"] = (() => new TinyModel().WithKey("tokenizer.ggml.model", "rwkv"), ["'rwkv'", "'llama'", "'gpt2'"]),
        ["no tokens"] = (() => new TinyModel().WithKey("tokenizer.ggml.tokens", null), ["tokenizer.ggml.tokens", "missing"]),
        ["empty token list"] = (() => new TinyModel().WithKey("tokenizer.ggml.tokens", Array.Empty<string>()), ["tokenizer.ggml.tokens", "a list of 0"]),
        ["tokens that are no strings"] = (() => new TinyModel().WithKey("tokenizer.ggml.tokens", new[] { 1, 2 }), ["tokenizer.ggml.tokens", "Int32[2]"]),
        ["token twice"] = (() => Renamed(259, "<0x41>"), ["68 and 259", "'<0x41>'"]),
        ["tokens alike up to a NUL"] = (() => Renamed(259, "<s>\0x"), ["1 and 259", "'<s>'"]),
        ["token called like an empty one"] = (() => Renamed(258, "").Rename(259, "[EMPTY_258]"), ["258 and 259", "[EMPTY_258]"]),
        ["no token for a byte"] = (() => Renamed(3 + 0x41, "letter"), ["<0x41>", "256 bytes"]),
        ["scores of another length"] = (() => new TinyModel().WithKey("tokenizer.ggml.scores", new float[5]), ["tokenizer.ggml.scores", "Float32[5]", "Float32[260]"]),
        ["scores with NaN"] = (() => new TinyModel().WithKey("tokenizer.ggml.scores", Enumerable.Repeat(float.NaN, TinyModel.Vocabulary).ToArray()), ["tokenizer.ggml.scores", "NaN"]),
        ["token types of another length"] = (() => new TinyModel().WithKey("tokenizer.ggml.token_type", new int[261]), ["tokenizer.ggml.token_type", "Int32[261]"]),
        ["token types that are no integers"] = (() => new TinyModel().WithKey("tokenizer.ggml.token_type", new float[TinyModel.Vocabulary]), ["tokenizer.ggml.token_type", "Float32"]),
        ["vocabulary size unlike tokens"] = (() => new TinyModel().With("vocab_size", 259u), ["'llama.vocab_size'", "259", "260"]),
        ["special token out of range"] = (() => new TinyModel().WithKey("tokenizer.ggml.eot_token_id", 260u), ["eot_token_id", "is 260", "0 to 259"]),
        ["padding token out of range"] = (() => new TinyModel().WithKey("tokenizer.ggml.padding_token_id", uint.MaxValue), ["padding_token_id", "4294967295"]),
        ["begin token added but unknown"] = (() => BytePair("glm4").WithKey("tokenizer.ggml.bos_token_id", null).WithKey("tokenizer.ggml.add_bos_token", true), ["bos_token_id", "missing"]),
        ["no merges"] = (() => BytePair("gpt-2").WithKey("tokenizer.ggml.merges", null), ["tokenizer.ggml.merges", "missing"]),
        ["pre-tokeniser that keeps blanks"] = (() => BytePair("whitespace"), ["tokenizer.ggml.pre", "whitespace"]),
        ["no weights"] = (() => NoTensors(), ["has no weights", "vocabulary only"]),
        ["no embeddings"] = (() => new TinyModel().Without("token_embd.weight"), ["'token_embd.weight'"]),
        ["embeddings of another length"] = (() => new TinyModel().Tensor("token_embd.weight", GgmlType.F32, 64, 130), ["'token_embd.weight'", "[64, 130]", "[32, 260]"]),
        ["embeddings of another vocabulary"] = (() => new TinyModel().Tensor("token_embd.weight", GgmlType.F32, 32, 261), ["'token_embd.weight'", "[32, 261]"]),
        ["embeddings of three dimensions"] = (() => new TinyModel().Tensor("token_embd.weight", GgmlType.F32, 32, 130, 2), ["'token_embd.weight'", "[32, 130, 2]"]),
        ["output of another vocabulary"] = (() => new TinyModel().Tensor("output.weight", GgmlType.F32, 32, 259), ["'output.weight'", "[32, 259]"]),
        ["norm that is not F32"] = (() => new TinyModel().Tensor("blk.1.ffn_norm.weight", GgmlType.F16, 32), ["'blk.1.ffn_norm.weight'", "F16", "F32"]),
        ["bias that is not F32"] = (() => new TinyModel().Tensor("blk.1.attn_q.bias", GgmlType.Q8_0, 32, 2), ["'blk.1.attn_q.bias'", "Q8_0"]),
        ["integer weights"] = (() => new TinyModel().Tensor("blk.0.ffn_up.weight", GgmlType.I32, 32, 64), ["'blk.0.ffn_up.weight'", "I32", "multiply"]),
        ["activation type as weights"] = (() => new TinyModel().Tensor("blk.0.ffn_up.weight", GgmlType.Q8_1, 32, 64), ["'blk.0.ffn_up.weight'", "Q8_1"]),
        ["block without attention"] = (() => new TinyModel().Without("blk.1.attn_k.weight"), ["'blk.1.attn_k.weight'"]),
        ["block without attention output"] = (() => new TinyModel().Without("blk.0.attn_output.weight"), ["'blk.0.attn_output.weight'"]),
        ["NVFP4 with scale and bias"] = (() => new TinyModel().Tensor("blk.0.ffn_down.weight", GgmlType.NVFP4, 64, 32)
            .Tensor("blk.0.ffn_down.scale", GgmlType.F32, 1).Tensor("blk.0.ffn_down.bias", GgmlType.F32, 32), ["'blk.0.ffn_down.weight'", "NVFP4"]),
    };

    public static TheoryData<string> CaseNames => [.. Cases.Keys];

    [Theory]
    [MemberData(nameof(CaseNames))]
    public void Unusable_model_is_refused_with_its_reason(string name)
    {
        string message = Should.Throw<PpdModelLoadException>(() => Check(Cases[name].Model())).Message;

        message.ShouldContain(_folder["model.gguf"]);
        Cases[name].Said.ShouldAllBe(part => message.Contains(part), message);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(8)]
    [InlineData(16)]
    [InlineData(24)]
    public void Weights_off_the_memory_alignment_are_refused(int shift)
    {
        // A valid file whose data may begin at any multiple of 8: two keys go in front of the keys of an aligned one.
        string path = _folder["model.gguf"];
        new TinyModel().Write(path);
        byte[] aligned = File.ReadAllBytes(path);
        using (var original = GgufFile.Open(path))
        {
            File.WriteAllBytes(_folder["shifted.gguf"], GgufBytes.Header((ulong)original.Tensors.Count, (ulong)original.Metadata.Keys.Count() + 2)
                .Key("general.alignment", 8).Text("padding").U32(8).Text(new string('x', shift))
                .Raw(aligned.AsSpan(24)).Zeros(32).ToArray());
        }
        using var file = GgufFile.Open(_folder["shifted.gguf"]);

        if (file.Tensors["token_embd.weight"].Offset % 32 == 0)
            GgufModelCheck.Check(file).BlockCount.ShouldBe(2);
        else
            Should.Throw<PpdModelLoadException>(() => GgufModelCheck.Check(file)).Message
                .ShouldSatisfyAllConditions(m => m.ShouldContain("multiples of 32"), m => m.ShouldContain("general.alignment = 8"));
    }

    [Fact]
    public void Facts_of_a_plain_model_are_reported()
    {
        var info = Check(new TinyModel()
            .WithKey("general.name", "Tiny").WithKey("general.file_type", 0u).With("vocab_size", 260u)
            .WithKey("tokenizer.chat_template", "{{ messages }}").WithKey("tokenizer.chat_template.tool_use", "{{ tools }}")
            .Tensor("blk.0.ffn_gate.weight", GgmlType.Q8_0, 32, 64));

        info.Architecture.ShouldBe("llama");
        info.Name.ShouldBe("Tiny");
        info.ContextLength.ShouldBe(64);
        info.EmbeddingLength.ShouldBe(32);
        info.BlockCount.ShouldBe(2);
        info.HeadCount.ShouldBe(4);
        info.HeadCountKv.ShouldBe(2);
        info.HeadLength.ShouldBe(8);
        info.ExpertCount.ShouldBe(0);
        info.VocabularySize.ShouldBe(260);
        info.FileType.ShouldBe(0u);
        info.WeightType.ShouldBe(GgmlType.F32);
        // Embeddings, output norm, and per block: two norms, q and output, k and v, three feed-forward matrices.
        info.ParameterCount.ShouldBe(32 * 260 + 32 + 2 * (2 * 32 + 2 * 32 * 32 + 2 * 32 * 16 + 3 * 32 * 64));
        info.WeightBytes.ShouldBe(info.ParameterCount * 4 - 32 * 64 * 4 + 64 * 34);
        info.KvBytesPerToken.ShouldBe(2 * 2 * 2 * 8 * 2);
        info.TokenizerModel.ShouldBe("llama");
        info.TokenizerPre.ShouldBeNull();
        info.ChatTemplate.ShouldBe("{{ messages }}");
        info.NamedChatTemplates.ShouldBe(new Dictionary<string, string> { ["tool_use"] = "{{ tools }}" });
        info.SlidingWindow.ShouldBeNull();
        info.MultiAxisRope.ShouldBeFalse();
        info.LearnedPositions.ShouldBeFalse();
        info.AcceptsEmbeddingRows.ShouldBeTrue();
    }

    [Fact]
    public void Facts_that_are_absent_have_stand_ins()
    {
        var info = Check(new TinyModel().With("attention.head_count_kv", null));

        info.Name.ShouldBe("model");
        info.FileType.ShouldBeNull();
        info.HeadCountKv.ShouldBe(4);
        info.ChatTemplate.ShouldBeNull();
        info.NamedChatTemplates.ShouldBeEmpty();
    }

    [Fact]
    public void Vocabulary_digest_changes_with_any_token_only()
    {
        string digest = Check(new TinyModel()).VocabularyDigest;

        digest.Length.ShouldBe(64);
        Check(new TinyModel().WithKey("general.name", "other")).VocabularyDigest.ShouldBe(digest);
        Check(Renamed(259, "other")).VocabularyDigest.ShouldNotBe(digest);
    }

    [Theory]
    [InlineData("gemma2", null, 4096)]
    [InlineData("gemma2", 16u, 16)]
    [InlineData("gemma3", null, null)]
    [InlineData("llama", 16u, null)]
    public void Sliding_window_is_reported_where_llama_cpp_applies_it(string architecture, uint? window, int? reported) =>
        Check(new TinyModel(architecture).With("attention.sliding_window", window)).SlidingWindow.ShouldBe(reported);

    [Theory]
    [InlineData("qwen2vl", true, false)]
    [InlineData("glm4", true, false)]
    [InlineData("qwen3", false, true)]
    public void Multi_axis_positions_are_reported(string architecture, bool multiAxis, bool acceptsRows)
    {
        var info = Check(new TinyModel(architecture).With("rope.dimension_sections", new[] { 2, 1, 1, 0 }));

        info.MultiAxisRope.ShouldBe(multiAxis);
        info.AcceptsEmbeddingRows.ShouldBe(acceptsRows);
    }

    [Fact]
    public void Glm4_without_sections_has_plain_positions_but_aborts_on_embedding_rows()
    {
        var info = Check(new TinyModel("glm4"));

        info.MultiAxisRope.ShouldBeFalse();
        info.AcceptsEmbeddingRows.ShouldBeFalse();
    }

    [Fact]
    public void Learned_positions_are_reported() =>
        Check(BytePair("gpt-2", "gpt2").With("attention.layer_norm_epsilon", 1e-5f)).LearnedPositions.ShouldBeTrue();

    [Fact]
    public void Mixture_of_experts_is_accepted() => Check(new TinyModel().With("expert_count", 8u).With("expert_used_count", 2u)
        .With("expert_group_count", 4u).With("expert_group_used_count", 2u)).ExpertCount.ShouldBe(8);

    [Fact]
    public void Byte_without_a_byte_token_may_be_a_token_itself() =>
        Check(Renamed(3 + 'A', "A")).VocabularySize.ShouldBe(TinyModel.Vocabulary);

    static TinyModel Renamed(int id, string text) => new TinyModel().Rename(id, text);

    static TinyModel NoTensors()
    {
        var model = new TinyModel();
        model.Tensors.Clear();
        return model;
    }

    static TinyModel BytePair(string pre, string architecture = "llama") => new TinyModel(architecture)
        .WithKey("tokenizer.ggml.model", "gpt2").WithKey("tokenizer.ggml.pre", pre).WithKey("tokenizer.ggml.merges", new[] { "a b" });

    GgufModelInfo Check(TinyModel model)
    {
        string path = _folder["model.gguf"];
        model.Write(path);
        using var file = GgufFile.Open(path);
        return GgufModelCheck.Check(file);
    }
}
