using System.Buffers;
using System.Text.Json;

namespace Marketplace.Cli.Shop.Input;

/// <summary>How products stand in a file.</summary>
internal enum InputFormat
{
    /// <summary>To be found out from the beginning of the file.</summary>
    Auto,

    /// <summary>A product, an array of them, or several one after the other; broken into lines or not.</summary>
    Json,

    /// <summary>A product a line: a broken line harms no other.</summary>
    Ndjson,
}

internal static class InputFormats
{
    private const byte LineFeed = (byte)'\n';

    /// <summary>Finds out from the beginning; null when more of it has to be seen.</summary>
    /// <param name="isWhole">Nothing follows.</param>
    public static InputFormat? Detect(ReadOnlySequence<byte> beginning, bool isWhole, int enough)
    {
        var reader = new SequenceReader<byte>(beginning);
        reader.AdvancePastAny(" \t\r\n"u8);
        var rest = reader.UnreadSequence;
        if (rest.IsEmpty)
        {
            return isWhole ? InputFormat.Ndjson : null;
        }

        if (rest.FirstSpan[0] == '[')
        {
            return InputFormat.Json;
        }

        // The first line decides: a whole value or a broken one is a line of its own, an unfinished one goes on.
        if (rest.PositionOf(LineFeed) is { } end)
        {
            return IsUnfinished(rest.Slice(0, end)) ? InputFormat.Json : InputFormat.Ndjson;
        }

        return isWhole || rest.Length >= enough ? InputFormat.Ndjson : null;
    }

    private static bool IsUnfinished(ReadOnlySequence<byte> line)
    {
        try
        {
            var reader = new Utf8JsonReader(line, isFinalBlock: false, new JsonReaderState(StreamProducts.JsonOptions));
            return !reader.Read() || !reader.TrySkip();
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
