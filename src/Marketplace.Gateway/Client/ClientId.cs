using System.Buffers;
using System.Text.Unicode;
using Marketplace.Products.Validation;

namespace Marketplace.Gateway.Client;

/// <summary>The rule of the ids that clients choose: of users, sessions, searches and events.</summary>
internal static class ClientId
{
    public const string Rule = "must have 1 to 128 characters and no control characters";

    /// <param name="utf8">The id, unescaped, in valid UTF-8.</param>
    public static bool IsValid(ReadOnlySpan<byte> utf8) => ProductId.IsPlain(utf8);

    public static bool IsValid(string id)
    {
        Span<byte> utf8 = stackalloc byte[ProductId.MaxBytes];
        return Utf8.FromUtf16(id, utf8, out _, out var written, replaceInvalidSequences: false) == OperationStatus.Done && IsValid(utf8[..written]);
    }
}
