using System.Buffers;
using System.Diagnostics;
using System.Text;
using Marketplace.EventLog;

namespace Marketplace.Gateway.Topics;

/// <summary>
/// Carries a trace through the log: the W3C header <c>traceparent</c> of a record names the span that wrote it. Only traces that are
/// recorded leave a header, so that a record costs nothing more where nobody looks.
/// </summary>
internal static class TraceContext
{
    public const string SourceName = "Marketplace.Gateway";

    private static readonly ActivitySource Source = new(SourceName);

    private static ReadOnlySpan<byte> Header => "traceparent"u8;

    /// <summary>Headers that name the current span; none when nobody records it.</summary>
    public static RecordHeaders OfCurrent() => Activity.Current is { Recorded: true, IdFormat: ActivityIdFormat.W3C, Id: { } id } ? RecordHeaders.Of(("traceparent", id)) : RecordHeaders.None;

    /// <summary>Begins a span that goes on with a record's trace; null when the record has none or nobody listens. It does not become the current one.</summary>
    public static Activity? Continue(string name, in RecordHeaders headers)
    {
        if (headers.IsEmpty || !Source.HasListeners() || headers.Find(Header) is not { } parent || !ActivityContext.TryParse(Encoding.ASCII.GetString(parent.Span), null, isRemote: true, out var context))
        {
            return null;
        }

        var current = Activity.Current;
        var span = Source.StartActivity(name, ActivityKind.Consumer, context);
        Activity.Current = current;
        return span;
    }

    /// <summary>Writes a record's headers with this span in place of the one that wrote it.</summary>
    public static void WriteHeaders(IBufferWriter<byte> output, in RecordHeaders headers, Activity? span)
    {
        if (span?.Id is not { } id)
        {
            output.Write(headers.Encoded.Span);
            return;
        }

        foreach (var header in headers)
        {
            if (!header.Key.Span.SequenceEqual(Header))
            {
                RecordHeaders.Write(output, header.Key.Span, header.Value.GetValueOrDefault().Span, header.Value is null);
            }
        }

        RecordHeaders.Write(output, Header, Encoding.ASCII.GetBytes(id));
    }
}
