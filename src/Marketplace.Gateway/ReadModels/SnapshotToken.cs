using System.Globalization;
using System.Security.Cryptography;

namespace Marketplace.Gateway.ReadModels;

/// <summary>What <c>as_of</c> says: which process's index answered a search, and which generation of it.</summary>
internal readonly record struct SnapshotToken(uint Index, long Generation)
{
    public const int MaxLength = IndexDigits + 1 + GenerationDigits;
    /// <summary>Of what an answer can have said.</summary>
    public const string Pattern = "[0-9a-fA-F]{8}-[0-9a-fA-F]{1,16}";

    private const int IndexDigits = 8;
    private const int GenerationDigits = 16;

    /// <summary>A number for an index of this process: after a restart generations count on from what was saved, not from what was shown.</summary>
    public static uint NewIndex() => BitConverter.ToUInt32(RandomNumberGenerator.GetBytes(sizeof(uint)));

    /// <summary>False for what no answer can have said.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out SnapshotToken token)
    {
        token = default;
        if (text.Length is < IndexDigits + 2 or > MaxLength || text[IndexDigits] != '-'
            || !uint.TryParse(text[..IndexDigits], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var index)
            || !long.TryParse(text[(IndexDigits + 1)..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var generation))
        {
            return false;
        }

        token = new SnapshotToken(index, generation);
        return true;
    }

    public int Format(Span<char> text)
    {
        text.TryWrite(CultureInfo.InvariantCulture, $"{Index:x8}-{Generation:x}", out var length);
        return length;
    }

    public override string ToString()
    {
        Span<char> text = stackalloc char[MaxLength];
        return text[..Format(text)].ToString();
    }
}
