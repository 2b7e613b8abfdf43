namespace Ppd.Native;

/// <summary>The hyperparameters of a decoder, each checked against what llama.cpp asserts about it.</summary>
sealed class GgufHyperparameters
{
    // Upper limits are llama.cpp's own where it has one (blocks, experts), else far above any model and small enough that
    // 32-bit products in llama.cpp cannot wrap.
    const int MaxBlocks = 512;
    const int MaxExperts = 1024;
    const int MaxContext = 1 << 30;
    const int MaxEmbedding = 1 << 20;
    const int MaxHeads = 1 << 16;
    const float MinEpsilon = 1e-12f;
    const float MaxEpsilon = 0.1f;

    readonly GgufFile _file;
    readonly GgufArchitecture _architecture;

    public GgufHyperparameters(GgufFile file, GgufArchitecture architecture)
    {
        _file = file;
        _architecture = architecture;
        CheckFloats();
        RefuseNonGenerators();
        ContextLength = Positive("context_length", MaxContext);
        EmbeddingLength = Positive("embedding_length", MaxEmbedding);
        BlockCount = Positive("block_count", MaxBlocks);
        CheckEpsilon();
        HeadCount = Uniform("attention.head_count", MaxHeads) ?? throw Missing("attention.head_count");
        HeadCountKv = Uniform("attention.head_count_kv", MaxHeads) ?? HeadCount;
        if (HeadCount % HeadCountKv != 0)
            throw Refuse("attention.head_count_kv", HeadCountKv, $"it must divide attention.head_count = {HeadCount}");
        HeadLength = ReadHeadLength();
        CheckRope();
        ExpertCount = ReadExperts();
        if (ExpertCount == 0 && Uniform("feed_forward_length", int.MaxValue) is null)
            throw Missing("feed_forward_length");
        SlidingWindow = ReadWindow();
        MultiAxisRope = ReadAxes();
    }

    public int ContextLength { get; }

    public int EmbeddingLength { get; }

    public int BlockCount { get; }

    public int HeadCount { get; }

    public int HeadCountKv { get; }

    /// <summary>Elements of a key and of a value, the same in every supported architecture.</summary>
    public int HeadLength { get; }

    public int ExpertCount { get; }

    /// <summary>Tokens that the windowed layers see; null where every layer sees everything.</summary>
    public int? SlidingWindow { get; }

    public bool MultiAxisRope { get; }

    void CheckFloats()
    {
        foreach (string key in _file.Metadata.Keys)
        {
            if (key.StartsWith(_architecture.Name + ".", StringComparison.Ordinal)
                && _file.Metadata.TryGetEntry(key, out var entry) && entry is { Type: GgufValueType.Float32, IsArray: false }
                && _file.Metadata.GetRequired<float>(key) is var value && !float.IsFinite(value))
            {
                throw Refuse(key[(_architecture.Name.Length + 1)..], value, "it must be a finite number");
            }
        }
    }

    void RefuseNonGenerators()
    {
        if (!_file.Metadata.GetOrDefault(Key("attention.causal"), true))
            throw Refuse("attention.causal", false, "only causal models generate text; this is an encoder or a diffusion model");
        if (_file.Metadata.TryGet<uint>(Key("pooling_type"), out var pooling) && pooling != 0)
            throw Refuse("pooling_type", pooling, "only 0 is allowed; this is an embedding or reranking model");
        foreach (string name in new[] { "classifier.output_labels", "embedding_length_out", "deepstack_mapping" })
        {
            if (_file.Metadata.Contains(Key(name)))
                throw Refuse(name, "set", "this library supports plain text generators only");
        }
        if (_file.Metadata.GetOrDefault(Key("nextn_predict_layers"), 0u) is var extra and not 0)
            throw Refuse("nextn_predict_layers", extra, "models with extra prediction layers are not supported; convert the model without them");
        if (_architecture.Name == "gptneox")
            _ = _file.Metadata.GetRequired<bool>(Key("use_parallel_residual"));
    }

    // A NaN or negative epsilon aborts the first decode; zero divides by zero on a zero row.
    void CheckEpsilon()
    {
        string name = _architecture.Has(GgufTraits.LayerNorm) ? "attention.layer_norm_epsilon" : "attention.layer_norm_rms_epsilon";
        float epsilon = _file.Metadata.GetRequired<float>(Key(name));
        if (epsilon is not (>= MinEpsilon and <= MaxEpsilon))
            throw Refuse(name, epsilon, $"it must be from {MinEpsilon} to {MaxEpsilon}");
    }

    int ReadHeadLength()
    {
        int fromEmbedding = EmbeddingLength / HeadCount;
        int length = Optional("attention.key_length", MaxHeads) ?? fromEmbedding;
        int valueLength = Optional("attention.value_length", MaxHeads) ?? fromEmbedding;
        if (length == 0)
            throw Refuse("attention.head_count", HeadCount, $"it must not exceed embedding_length = {EmbeddingLength}");
        if (length != valueLength)
            throw Refuse("attention.value_length", valueLength, $"it must equal the key length {length}");
        if (!_architecture.Has(GgufTraits.FreeHeadLength) && length * (long)HeadCount != EmbeddingLength)
        {
            throw Refuse("attention.head_count", HeadCount,
                $"{HeadCount} heads of length {length} must make up embedding_length = {EmbeddingLength} in this architecture");
        }
        if ((long)HeadCount * length > MaxEmbedding)
            throw Refuse("attention.key_length", length, $"with {HeadCount} heads it exceeds {MaxEmbedding} elements a row");
        foreach (string name in new[] { "attention.key_length_swa", "attention.value_length_swa" })
        {
            if (Optional(name, MaxHeads) is int other && other != length)
                throw Refuse(name, other, $"it must equal the key length {length}");
        }
        return length;
    }

    void CheckRope()
    {
        string scaling = _file.Metadata.GetOrDefault(Key("rope.scaling.type"), "linear");
        if (scaling is not ("none" or "linear" or "yarn" or "longrope"))
            throw Refuse("rope.scaling.type", scaling, "allowed are none, linear, yarn and longrope");
        foreach (string name in new[] { "rope.freq_base", "rope.freq_base_swa" })
        {
            if (_file.Metadata.TryGet<float>(Key(name), out var value) && value <= 0)
                throw Refuse(name, value, "it must be positive");
        }
        foreach (string name in new[] { "rope.scaling.factor", "rope.scale_linear", "attn_logit_softcapping", "final_logit_softcapping" })
        {
            if (_file.Metadata.TryGet<float>(Key(name), out var value) && value < 0)
                throw Refuse(name, value, "it must not be negative");
        }
        if (_architecture.Has(GgufTraits.LearnedPositions))
            return;
        int rotated = Optional("rope.dimension_count", MaxHeads) ?? HeadLength;
        bool fits = _architecture.Has(GgufTraits.PartialRope) ? rotated <= HeadLength : rotated == HeadLength;
        if (rotated < 2 || rotated % 2 != 0 || !fits)
        {
            throw Refuse("rope.dimension_count", rotated,
                $"it must be even and {(_architecture.Has(GgufTraits.PartialRope) ? "at most" : "equal to")} the head length {HeadLength}");
        }
        if (Optional("rope.dimension_count_swa", MaxHeads) is int windowed && windowed != rotated)
            throw Refuse("rope.dimension_count_swa", windowed, $"it must equal rope.dimension_count = {rotated}");
    }

    int ReadExperts()
    {
        uint experts = _file.Metadata.GetOrDefault(Key("expert_count"), 0u);
        int used = Uniform("expert_used_count", MaxExperts, allowZero: true) ?? 0;
        uint groups = _file.Metadata.GetOrDefault(Key("expert_group_count"), 0u);
        uint groupsUsed = _file.Metadata.GetOrDefault(Key("expert_group_used_count"), 0u);
        _ = Uniform("expert_feed_forward_length", int.MaxValue, allowZero: true);
        if (experts > MaxExperts)
            throw Refuse("expert_count", experts, $"at most {MaxExperts} are allowed");
        if (experts > 0 && !_architecture.Has(GgufTraits.Experts))
            throw Refuse("expert_count", experts, "this architecture has no experts");
        if (experts == 0 ? used != 0 : used == 0 || used > experts)
            throw Refuse("expert_used_count", used, experts == 0 ? "there are no experts" : $"it must be from 1 to expert_count = {experts}");
        bool grouped = groups > 1;
        if (grouped && (experts == 0 || experts % groups != 0 || experts / groups < 2 || groupsUsed == 0 || groupsUsed >= groups)
            || groups == 1 && experts <= 1)
        {
            throw Refuse("expert_group_count", groups,
                $"groups must divide expert_count = {experts} into two or more each, and use fewer than all (here {groupsUsed})");
        }
        return (int)experts;
    }

    int? ReadWindow()
    {
        bool always = _architecture.Has(GgufTraits.Window);
        if (!always && !_architecture.Has(GgufTraits.WindowByKey))
            return null;
        const string name = "attention.sliding_window";
        uint window = always && _architecture.DefaultWindow == 0
            ? _file.Metadata.GetRequired<uint>(Key(name))
            : _file.Metadata.GetOrDefault(Key(name), (uint)_architecture.DefaultWindow);
        if (window == 0 && !always)
            return null;
        if (window is 0 or > MaxContext)
            throw Refuse(name, window, $"it must be from 1 to {MaxContext}");
        // llama.cpp keeps one cache for windowed and one for full layers and asserts that the first has layers.
        int windowed = WindowedLayers();
        if (windowed == 0 || windowed == BlockCount)
        {
            throw Refuse("attention.sliding_window_pattern", $"such that {windowed} of {BlockCount} layers are windowed",
                "some must be windowed and some must not");
        }
        return (int)window;
    }

    int WindowedLayers()
    {
        string key = Key("attention.sliding_window_pattern");
        if (!_file.Metadata.TryGetEntry(key, out var entry) || !entry.IsArray)
        {
            int period = Optional("attention.sliding_window_pattern", int.MaxValue) ?? _architecture.WindowPeriod;
            return Enumerable.Range(0, BlockCount).Count(block => block % period < period - 1);
        }
        if (entry.Count != BlockCount)
            throw Refuse("attention.sliding_window_pattern", $"of length {entry.Count}", $"it must have one entry for each of {BlockCount} blocks");
        if (entry.Type == GgufValueType.Bool && _file.Metadata.TryGetArray<bool>(key, out var flags))
            return flags.Count(flag => flag);
        return Integers(key, entry).Count(flag => flag != 0);
    }

    bool ReadAxes()
    {
        bool always = _architecture.Has(GgufTraits.MultiAxisRope);
        if (Optional("n_deepstack_layers", BlockCount) is not null && !always)
            throw Refuse("n_deepstack_layers", "set", "this library supports plain text generators only");
        if (!always && !_architecture.Has(GgufTraits.MultiAxisRopeByKey))
            return false;
        const string name = "rope.dimension_sections";
        if (!_file.Metadata.TryGetEntry(Key(name), out var entry))
            return always ? throw Missing(name) : false;
        long[] sections = entry is { IsArray: true, Count: 4 }
            ? [.. Integers(Key(name), entry)]
            : throw Refuse(name, entry.TypeName, "four lengths are needed");
        if (!always && sections.All(section => section == 0))
            return false;
        if (sections.Any(section => section < 0) || sections[0] <= 0 || sections.Sum() > HeadLength)
            throw Refuse(name, $"[{string.Join(", ", sections)}]", $"the first must be positive, none negative, the sum at most the head length {HeadLength}");
        return always || sections[1] > 0;
    }

    /// <summary>A count that may be given once or per block; null where absent. Blocks that differ are refused: the graphs take the first.</summary>
    int? Uniform(string name, int max, bool allowZero = false)
    {
        string key = Key(name);
        if (!_file.Metadata.TryGetEntry(key, out var entry))
            return null;
        long value;
        if (!entry.IsArray)
        {
            value = _file.Metadata.GetRequired<uint>(key);
        }
        else
        {
            if (entry.Count != BlockCount)
                throw Refuse(name, $"of length {entry.Count}", $"it must be one number, or one for each of {BlockCount} blocks");
            var values = Integers(key, entry);
            value = values[0];
            if (values.Any(other => other != value))
                throw Refuse(name, "different from block to block", "this library supports models whose blocks are alike");
        }
        return InRange(name, value, allowZero ? 0 : 1, max);
    }

    IReadOnlyList<long> Integers(string key, GgufEntry entry) => entry.Type == GgufValueType.UInt32
        ? _file.Metadata.TryGetArray<uint>(key, out var unsigned) ? [.. unsigned] : []
        : _file.Metadata.TryGetArray<int>(key, out var signed) ? [.. signed] : [];

    int Positive(string name, int max) => InRange(name, _file.Metadata.GetRequired<uint>(Key(name)), 1, max);

    int? Optional(string name, int max) =>
        _file.Metadata.TryGet<uint>(Key(name), out var value) ? InRange(name, value, 1, max) : null;

    int InRange(string name, long value, int min, int max) => value >= min && value <= max
        ? (int)value
        : throw Refuse(name, value, $"it must be from {min} to {max}");

    string Key(string name) => $"{_architecture.Name}.{name}";

    PpdModelLoadException Missing(string name) => new(
        $"'{_file.Path}' has no metadata key '{Key(name)}', which this architecture needs. The file is incomplete; convert the model again.");

    PpdModelLoadException Refuse(string name, object found, string allowed) => new(FormattableString.Invariant(
        $"Metadata key '{Key(name)}' of '{_file.Path}' is {found}; {allowed}. llama.cpp would fail or abort on this file; get or convert it again."));
}
