using System.Buffers;

namespace Marketplace.Products.Validation;

/// <summary>
/// Makes a record one line. In valid JSON a raw CR or LF can only stand between tokens, so taking all of them out changes no value.
/// </summary>
public static class LineBreaks
{
    private static readonly SearchValues<byte> Bytes = SearchValues.Create("\r\n"u8);

    public static bool AreIn(ReadOnlySpan<byte> json) => json.ContainsAny(Bytes);

    /// <summary>Copies without line breaks; returns the number of bytes written. Source and destination may be the same memory.</summary>
    public static int Remove(ReadOnlySpan<byte> json, Span<byte> destination)
    {
        var written = 0;
        while (!json.IsEmpty)
        {
            var run = json.IndexOfAny(Bytes);
            run = run < 0 ? json.Length : run;
            json[..run].CopyTo(destination[written..]);
            written += run;
            json = json[Math.Min(run + 1, json.Length)..];
        }

        return written;
    }

    /// <summary>The same memory when there is no line break in it, else a copy without.</summary>
    public static ReadOnlyMemory<byte> Without(ReadOnlyMemory<byte> json)
    {
        if (!AreIn(json.Span))
        {
            return json;
        }

        var line = new byte[json.Length];
        return line.AsMemory(0, Remove(json.Span, line));
    }
}
