using System.Buffers;

namespace Marketplace.Products.Validation;

/// <summary>The rules of a product's id, for products and for ids that come by other ways (a path, a ban).</summary>
public static class ProductId
{
    /// <summary>In Unicode characters (code points).</summary>
    public const int MaxLength = 128;

    public const int MaxBytes = MaxLength * 4;

    public const string Rule =
        "must have 1 to 128 characters, no control characters, must not be '.' or '..' and must not begin with 'rule:'";

    private const byte Delete = 0x7f;

    // C1 controls are U+0080–U+009F: in UTF-8 the lead byte C2 and 80–9F.
    private const byte C1Lead = 0xc2;
    private const byte C1Last = 0x9f;

    private static readonly SearchValues<byte> MaybeControl =
        SearchValues.Create([.. Enumerable.Range(0, 0x20).Select(c => (byte)c), Delete, C1Lead]);

    /// <param name="utf8">The id, unescaped, in valid UTF-8.</param>
    public static bool IsValid(ReadOnlySpan<byte> utf8) =>
        IsPlain(utf8)
        && !utf8.SequenceEqual("."u8)
        && !utf8.SequenceEqual(".."u8)
        && !utf8.StartsWith("rule:"u8);

    /// <summary>1 to <see cref="MaxLength"/> characters and no control characters: what any id has to be.</summary>
    /// <param name="utf8">Valid UTF-8.</param>
    public static bool IsPlain(ReadOnlySpan<byte> utf8) =>
        utf8.Length is > 0 and <= MaxBytes
        && (utf8.Length <= MaxLength || CharacterCount(utf8) <= MaxLength)
        && !HasControl(utf8);

    /// <summary>Unicode characters (code points) of valid UTF-8.</summary>
    internal static int CharacterCount(ReadOnlySpan<byte> utf8)
    {
        var count = 0;
        foreach (var b in utf8)
        {
            count += (b & 0xc0) != 0x80 ? 1 : 0;
        }

        return count;
    }

    private static bool HasControl(ReadOnlySpan<byte> utf8)
    {
        while (utf8.IndexOfAny(MaybeControl) is var at and >= 0)
        {
            if (utf8[at] != C1Lead || utf8[at + 1] <= C1Last)
            {
                return true;
            }

            utf8 = utf8[(at + 2)..];
        }

        return false;
    }
}
