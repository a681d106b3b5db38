using System.Text;
using System.Text.Unicode;
using Marketplace.Products.Validation;

namespace Marketplace.Gateway.Tests.Products;

public sealed class Utf8TextTests
{
    private const string Text = "Умные часы XYZ — 4 990 ₽, «водонепроницаемые» ⌚ smart watch 𝒳𐍈 ёЁ \u007f\u0080\u07ff\u0800\ud7ff\ue000\uffff";

    /// <summary>Where one kind of byte ends and the next begins.</summary>
    private static readonly byte[] Edges =
        [0x00, 0x41, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xc1, 0xc2, 0xdf, 0xe0, 0xe1, 0xec, 0xed, 0xee, 0xef, 0xf0, 0xf1, 0xf3, 0xf4, 0xf5, 0xff];

    [Fact]
    public void Every_sequence_of_edge_bytes_is_judged_as_dotnet_judges_it_wherever_it_stands()
    {
        var all = (from a in Edges from b in Edges from c in Edges from d in Edges select new[] { a, b, c, d }).ToArray();
        var bytes = new byte[96];
        foreach (var before in (int[])[0, 27, 28, 29, 30, 31, 32, 60, 61, 62, 63, 92])
        {
            foreach (var sequence in all)
            {
                bytes.AsSpan().Fill((byte)'x');
                sequence.CopyTo(bytes, before);
                Judge(bytes);
            }
        }
    }

    [Fact]
    public void Cut_and_damaged_text_is_judged_as_dotnet_judges_it()
    {
        var random = new Random(7);
        var whole = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(Text, 5)));
        Judge(whole);
        var right = 0;
        for (var round = 0; round < 100_000; round++)
        {
            var start = random.Next(whole.Length);
            var bytes = whole.AsSpan(start, random.Next(whole.Length - start + 1)).ToArray();
            for (var damage = random.Next(3); damage > 0 && bytes.Length > 0; damage--)
            {
                bytes[random.Next(bytes.Length)] = Edges[random.Next(Edges.Length)];
            }

            right += Judge(bytes) ? 1 : 0;
        }

        right.ShouldBeInRange(1000, 99_000);
    }

    private static bool Judge(ReadOnlySpan<byte> bytes)
    {
        var expected = Utf8.IsValid(bytes);
        if (Utf8Text.IsValid(bytes) != expected)
        {
            expected.ShouldBe(!expected, Convert.ToHexString(bytes));
        }

        return expected;
    }
}
