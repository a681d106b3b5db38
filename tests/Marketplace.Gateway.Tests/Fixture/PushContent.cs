using System.IO.Pipelines;
using System.Net;
using System.Text;

namespace Marketplace.Gateway.Tests.Fixture;

/// <summary>A body that is sent as the test writes it: each piece goes out at once, and its end is when the test says so.</summary>
internal sealed class PushContent : HttpContent
{
    private readonly Pipe _pipe = new();

    public PushContent(string type) => Headers.ContentType = new(type);

    public async Task WriteAsync(string text) => await _pipe.Writer.WriteAsync(Encoding.UTF8.GetBytes(text));

    public async Task EndAsync() => await _pipe.Writer.CompleteAsync();

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        while (true)
        {
            var read = await _pipe.Reader.ReadAsync(cancellationToken);
            foreach (var piece in read.Buffer)
            {
                await stream.WriteAsync(piece, cancellationToken);
            }

            await stream.FlushAsync(cancellationToken);
            _pipe.Reader.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted)
            {
                return;
            }
        }
    }

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }
}
