using System.Buffers;

namespace Marketplace.Products.Validation;

/// <summary>Absolute addresses of the web.</summary>
internal static class WebAddress
{
    private const int MaxPlainLength = 2048;
    private const int MaxLabelLength = 63;
    private const int MaxHostLength = 253;

    private static readonly SearchValues<byte> PathBytes =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/%?=&+,;:@!$'()*#"u8);

    public static bool IsValid(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var address)
        && (address.Scheme == Uri.UriSchemeHttp || address.Scheme == Uri.UriSchemeHttps)
        && address.Host.Length > 0;

    /// <summary>A quick yes for the usual: lower-case scheme, a host of ASCII labels without a port, a path of ASCII.</summary>
    public static bool IsPlain(ReadOnlySpan<byte> text)
    {
        if (text.Length > MaxPlainLength)
        {
            return false;
        }

        var rest = text.StartsWith("https://"u8) ? text[8..] : text.StartsWith("http://"u8) ? text[7..] : default;
        var slash = rest.IndexOf((byte)'/');
        var host = slash < 0 ? rest : rest[..slash];
        return IsPlainHost(host) && (slash < 0 || !rest[slash..].ContainsAnyExcept(PathBytes));
    }

    private static bool IsPlainHost(ReadOnlySpan<byte> host)
    {
        if (host.Length > MaxHostLength)
        {
            return false;
        }

        var label = 0;
        var previous = (byte)'.';
        foreach (var b in host)
        {
            // A label begins with a letter: what looks like a number could be an address of another kind.
            var fits = label == 0 ? char.IsAsciiLetterLower((char)b)
                : b == '.' ? previous != '-'
                : char.IsAsciiLetterLower((char)b) || char.IsAsciiDigit((char)b) || b == '-';
            if (!fits || label > MaxLabelLength)
            {
                return false;
            }

            label = b == '.' ? 0 : label + 1;
            previous = b;
        }

        return label > 0 && label <= MaxLabelLength && previous != '-';
    }
}
