using Ppd.Native;

namespace Ppd.Tests.Native;

public sealed class LlamaLibraryParamBlockTests
{
    [Fact]
    public void Set_writes_exactly_the_bytes_of_the_field()
    {
        ParamBlock block = default;
        block.Bytes.Fill(0xEE);

        block.Set(8, -2);
        block.Set(16, 3u);
        block.Set(24, 1.5f);
        block.Set(33, true);
        block.Set(35, false);
        block.Set(40, unchecked((nint)0x1122334455667788));

        block.Bytes[4..48].ToArray().ShouldBe(
        [
            0xEE, 0xEE, 0xEE, 0xEE, 0xFE, 0xFF, 0xFF, 0xFF, 0xEE, 0xEE, 0xEE, 0xEE, 3, 0, 0, 0,
            0xEE, 0xEE, 0xEE, 0xEE, 0, 0, 0xC0, 0x3F, 0xEE, 0xEE, 0xEE, 0xEE, 0xEE, 1, 0xEE, 0,
            0xEE, 0xEE, 0xEE, 0xEE, 0x88, 0x77, 0x66, 0x55, 0x44, 0x33, 0x22, 0x11,
        ]);
        block.Get<float>(24).ShouldBe(1.5f);
    }

    [Fact]
    public void Set_beyond_the_block_is_refused()
    {
        Should.Throw<ArgumentOutOfRangeException>(() => Write(ParamBlock.Size - 3));
        Should.NotThrow(() => Write(ParamBlock.Size - 4));

        static void Write(int offset)
        {
            ParamBlock block = default;
            block.Set(offset, 1);
        }
    }
}
