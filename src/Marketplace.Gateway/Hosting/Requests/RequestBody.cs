using System.Buffers;
using System.IO.Pipelines;
using Marketplace.Gateway.Hosting.Problems;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace Marketplace.Gateway.Hosting.Requests;

/// <summary>
/// A whole body in memory: the server's own buffer where it came in one piece, else a pooled array. Disposing gives it back.
/// </summary>
internal readonly struct RequestBody : IDisposable
{
    private static readonly byte[] Utf8Bom = [0xef, 0xbb, 0xbf];

    // What a client announces is not yet sent: memory follows what came.
    private const int FirstBytes = 1024 * 1024;

    private readonly PipeReader? _reader;
    private readonly SequencePosition _end;
    private readonly byte[]? _pooled;

    private RequestBody(PipeReader reader, in ReadOnlySequence<byte> buffer)
    {
        (_reader, _end, Memory) = (reader, buffer.End, WithoutBom(buffer.First));
    }

    private RequestBody(byte[] pooled, int length) => (_pooled, Memory) = (pooled, WithoutBom(pooled.AsMemory(0, length)));

    /// <summary>The bytes, without a byte order mark; untouched until disposal.</summary>
    public ReadOnlyMemory<byte> Memory { get; }

    /// <summary>Nobody takes a compressed body apart here, and its bytes are no JSON.</summary>
    /// <exception cref="BadHttpRequestException">415: the body is compressed.</exception>
    public static void RefuseEncoded(HttpRequest request)
    {
        if (request.Headers.ContentEncoding is { Count: > 0 } encoding && encoding != "identity")
        {
            throw new BadHttpRequestException("", StatusCodes.Status415UnsupportedMediaType);
        }
    }

    /// <exception cref="BadHttpRequestException">415: the body is compressed; 413: more than <see cref="Listening.MaxBodyBytes"/>.</exception>
    /// <exception cref="NotReadyException">The gateway is stopping and the body is not here yet.</exception>
    public static async ValueTask<RequestBody> ReadAsync(HttpRequest request)
    {
        RefuseEncoded(request);
        if (request.ContentLength > Listening.MaxBodyBytes)
        {
            throw new BadHttpRequestException("", StatusCodes.Status413PayloadTooLarge);
        }

        var reader = request.BodyReader;
        var reading = reader.ReadAsync();
        using var interrupt = reading.IsCompletedSuccessfully ? default : InterruptWhenStopping(request.HttpContext, reader);
        var result = await reading;
        return result is { IsCompleted: true, IsCanceled: false, Buffer.IsSingleSegment: true }
            ? new RequestBody(reader, result.Buffer)
            : await GatherAsync(request, reader, result);
    }

    /// <summary>A stream of lines has no end and no hurry, only a pace.</summary>
    public static void LiftLimits(HttpContext context)
    {
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
        {
            size.MaxRequestBodySize = null;
        }

        if (context.Features.Get<IHttpMinRequestBodyDataRateFeature>() is { } rate)
        {
            rate.MinDataRate = null;
        }
    }

    public static ReadOnlyMemory<byte> WithoutBom(ReadOnlyMemory<byte> bytes) => bytes.Span.StartsWith(Utf8Bom) ? bytes[Utf8Bom.Length..] : bytes;

    public void Dispose()
    {
        _reader?.AdvanceTo(_end);
        if (_pooled is not null)
        {
            ArrayPool<byte>.Shared.Return(_pooled);
        }
    }

    /// <summary>A client that takes its time does not keep the gateway from stopping.</summary>
    private static CancellationTokenRegistration InterruptWhenStopping(HttpContext context, PipeReader reader) =>
        context.RequestServices.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping
            .UnsafeRegister(static reader => ((PipeReader)reader!).CancelPendingRead(), reader);

    private static async ValueTask<RequestBody> GatherAsync(HttpRequest request, PipeReader reader, ReadResult result)
    {
        using var interrupt = InterruptWhenStopping(request.HttpContext, reader);
        var expected = (int)Math.Min(request.ContentLength ?? FirstBytes, FirstBytes);
        var pooled = ArrayPool<byte>.Shared.Rent(Math.Max(expected, 1));
        try
        {
            var length = 0;
            while (true)
            {
                if (result.IsCanceled)
                {
                    reader.AdvanceTo(result.Buffer.End);
                    throw new NotReadyException("The gateway is stopping; nothing of this request was done.");
                }

                var size = checked((int)result.Buffer.Length);
                if (length + size > Listening.MaxBodyBytes)
                {
                    reader.AdvanceTo(result.Buffer.End);
                    throw new BadHttpRequestException("", StatusCodes.Status413PayloadTooLarge);
                }

                if (length + size > pooled.Length)
                {
                    var larger = ArrayPool<byte>.Shared.Rent(Math.Max(length + size, pooled.Length * 2));
                    pooled.AsSpan(0, length).CopyTo(larger);
                    ArrayPool<byte>.Shared.Return(pooled);
                    pooled = larger;
                }

                result.Buffer.CopyTo(pooled.AsSpan(length));
                length += size;
                reader.AdvanceTo(result.Buffer.End);
                if (result.IsCompleted)
                {
                    return new RequestBody(pooled, length);
                }

                result = await reader.ReadAsync();
            }
        }
        catch
        {
            ArrayPool<byte>.Shared.Return(pooled);
            throw;
        }
    }
}
