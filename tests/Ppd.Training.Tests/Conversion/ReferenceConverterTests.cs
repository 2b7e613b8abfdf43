using Ppd.Drafting;

namespace Ppd.Training.Tests.Conversion;

public sealed class ReferenceConverterTests : IDisposable
{
    readonly CheckpointFolder _checkpoint = new();

    public void Dispose() => _checkpoint.Dispose();

    [Theory]
    [InlineData("F32")]
    [InlineData("F16")]
    [InlineData("BF16")]
    public void Rows_come_across_from_every_type(string type)
    {
        var tokens = _checkpoint.WriteConfig().WriteSafetensors(type).Convert();
        (tokens.Count, tokens.Ensemble, tokens.Width, tokens.Mask).ShouldBe((3, 2, 4, PromptTokenMask.Ensemble));
        tokens.Rows.ShouldBe(CheckpointFolder.Values);
        tokens.Row(1, 1).ToArray().ShouldBe([13, 14, 15, 16]);  // row 1 x 2 + 1 there too
        tokens.Model.ShouldBe(CheckpointFolder.Model.Base);
        tokens.Training["checkpoint"].ShouldBe("ppd-sample");
        tokens.Training["checkpoint_model"].ShouldBe("somebody/sample-7b");
    }

    [Fact]
    public void Silent_configuration_has_the_authors_defaults()
    {
        foreach (var key in _checkpoint.Config.Select(entry => entry.Key).Where(key => key != "num_special_tokens").ToList()) _checkpoint.Set(key, null);
        var tokens = _checkpoint.Set("num_special_tokens", "6").WriteConfig().WriteSafetensors().Convert();
        (tokens.Count, tokens.Ensemble, tokens.Mask).ShouldBe((6, 1, PromptTokenMask.Decoder));
    }

    [Theory]
    [InlineData("decoder")]
    [InlineData("encoder")]
    public void Masks_that_the_engine_cannot_express_are_refused(string name) =>
        _checkpoint.Set("vt_attention_type", $"\"{name}\"").WriteConfig().WriteSafetensors().Refusal().ShouldContain($"mask rule '{name}' for 3 x 2 rows");

    [Fact]
    public void Messages_show_control_characters_of_the_files_and_do_not_obey_them() =>
        _checkpoint.Set("aggregation_type", "\"\\u001b[2Jmean\"").WriteConfig().WriteSafetensors().Refusal().ShouldContain("'\uFFFD[2Jmean'");

    [Theory]
    [InlineData("use_custom_lm_head", "true", "use_custom_lm_head = true")]
    [InlineData("use_prefix_tuning", "true", "use_prefix_tuning = true")]
    [InlineData("num_exits", "2", "num_exits = 2")]
    [InlineData("aggregation_type", "\"weighted\"", "aggregation_type = 'weighted'")]
    [InlineData("aggregation_type", "\"adaptive_weighted\"", "aggregation_type = 'adaptive_weighted'")]
    [InlineData("vt_attention_type", "\"causal\"", "vt_attention_type = 'causal'")]
    [InlineData("num_special_tokens", null, "ordinary prompt tuning")]
    [InlineData("num_special_tokens", "0", "num_special_tokens = 0")]
    [InlineData("num_special_tokens", "17", "num_special_tokens = 17")]
    [InlineData("num_special_tokens", "2000000000", "num_special_tokens = 2000000000")]
    [InlineData("num_special_tokens", "-3", "num_special_tokens that is not a whole number")]
    [InlineData("num_special_tokens", "\"3\"", "num_special_tokens that is not a whole number")]
    [InlineData("virtual_tokens_per_special_token", "200", "virtual_tokens_per_special_token = 200")]
    [InlineData("use_custom_lm_head", "\"no\"", "use_custom_lm_head that is not true or false")]
    [InlineData("vt_attention_type", "3", "vt_attention_type that is not a text")]
    [InlineData("num_virtual_tokens", "5", "num_virtual_tokens = 5")]
    [InlineData("token_dim", "8", "with 8 width (token_dim)")]
    [InlineData("num_layers", "32", "with 32 layers (num_layers)")]
    [InlineData("num_attention_heads", "32", "with 32 attention heads")]
    public void Configuration_that_cannot_be_honoured_is_refused(string key, string? value, string problem) =>
        _checkpoint.Set(key, value).WriteConfig().WriteSafetensors().Refusal().ShouldContain(problem);

    [Fact]
    public void Other_model_is_refused_and_both_are_named()
    {
        var message = _checkpoint.Set("token_dim", "8").WriteConfig().WriteSafetensors().Refusal();
        message.ShouldContain("somebody/sample-7b");
        message.ShouldContain("'sample' (llama, width 4, 512 tokens");
    }

    [Theory]
    [InlineData("custom_lm_head.pt")]
    [InlineData("weighting_layers.pt")]
    [InlineData("prefix")]
    public void Files_of_refused_variants_are_refused(string name)
    {
        File.WriteAllText(_checkpoint.WriteConfig().WriteSafetensors()[name], "");
        _checkpoint.Refusal().ShouldContain($"has {name}");
    }

    [Theory]
    [InlineData("[1]", "is not a JSON object")]
    [InlineData("{", "is not valid JSON")]
    [InlineData("""{"num_special_tokens": 3, "vt_attention_type": "\ud800"}""", "is not valid JSON")]
    [InlineData("""{"num_special_tokens": 3, "num_special_tokens": 4}""", "is not valid JSON")]
    public void Damaged_configuration_is_refused(string text, string problem)
    {
        File.WriteAllText(_checkpoint.WriteSafetensors()["adapter_config.json"], text);
        _checkpoint.Refusal().ShouldContain(problem);
    }

    [Fact]
    public void Huge_configuration_is_refused()
    {
        File.WriteAllText(_checkpoint.WriteSafetensors()["adapter_config.json"], new string(' ', (1 << 20) + 1));
        _checkpoint.Refusal().ShouldContain("1048577 bytes");
    }

    [Fact]
    public void Missing_parts_are_named()
    {
        _checkpoint.Refusal().ShouldContain("no adapter_config.json");
        _checkpoint.WriteConfig().Refusal().ShouldContain("neither adapter_model.safetensors nor adapter_model.bin");
        Directory.Delete(_checkpoint.Path, recursive: true);
        _checkpoint.Refusal().ShouldContain("is no folder");
    }
}
