using System.Buffers;
using System.Net;
using System.Net.Http.Headers;

namespace Marketplace.Cli.Shop.Sending;

/// <summary>Lines that are sent in one request and become durable together.</summary>
/// <param name="Lines">Each ended by a line feed.</param>
internal readonly record struct Segment(ReadOnlySequence<byte> Lines, int Count)
{
    public const string MediaType = "application/x-ndjson";
    private const byte LineFeed = (byte)'\n';

    /// <summary>Takes whole lines from the front, up to these bounds, but one at least where there is one.</summary>
    public static Segment Cut(in ReadOnlySequence<byte> buffer, int maxCount, long maxBytes)
    {
        var reader = new SequenceReader<byte>(buffer);
        var end = buffer.Start;
        var count = 0;
        while (count < maxCount && reader.TryAdvanceTo(LineFeed) && (count == 0 || reader.Consumed <= maxBytes))
        {
            end = reader.Position;
            count++;
        }

        return new Segment(buffer.Slice(0, end), count);
    }

    /// <summary>What is left behind the first lines.</summary>
    public Segment Skip(int count)
    {
        var reader = new SequenceReader<byte>(Lines);
        for (var n = 0; n < count; n++)
        {
            reader.TryAdvanceTo(LineFeed);
        }

        return new Segment(reader.UnreadSequence, Count - count);
    }

    public HttpContent ToContent() => new LinesContent(Lines);

    private sealed class LinesContent : HttpContent
    {
        private readonly ReadOnlySequence<byte> _lines;

        public LinesContent(ReadOnlySequence<byte> lines)
        {
            _lines = lines;
            Headers.ContentType = new MediaTypeHeaderValue(MediaType);
        }

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, CancellationToken.None);

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
        {
            foreach (var memory in _lines)
            {
                await stream.WriteAsync(memory, cancellationToken);
            }
        }

        protected override bool TryComputeLength(out long length)
        {
            length = _lines.Length;
            return true;
        }
    }
}
