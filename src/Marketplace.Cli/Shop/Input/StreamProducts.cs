using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Marketplace.Cli.Running;

namespace Marketplace.Cli.Shop.Input;

/// <summary>Products in a file or on stdin, read once from beginning to end; no more than the largest of them is in memory.</summary>
internal sealed class StreamProducts(Stream stream, string name, long? length, InputFormat format) : IProductSource
{
    /// <summary>The gateway refuses what is longer, and says so: a line is cut right after this.</summary>
    private const int LongestLine = 1024 * 1024;

    /// <summary>An unfinished value is given up here.</summary>
    private const int LongestValue = 4 * 1024 * 1024;

    private const int BufferBytes = 128 * 1024;
    private const byte LineFeed = (byte)'\n';

    /// <summary>Deeper than any product may be: the gateway is to refuse it, not this reader.</summary>
    internal static readonly JsonReaderOptions JsonOptions = new() { MaxDepth = 1024 };

    private readonly PipeReader _reader = PipeReader.Create(stream, new StreamPipeReaderOptions(bufferSize: BufferBytes, minimumReadSize: BufferBytes / 8));
    private long _consumed;

    public long? Length => length;

    public long Read => _consumed;

    public async IAsyncEnumerable<ReadOnlySequence<byte>> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var kind = await BeginAsync(cancellationToken);
        var values = kind == InputFormat.Json ? new JsonValues() : null;
        var lines = new Lines();
        while (true)
        {
            var result = await ReadMoreAsync(cancellationToken);
            var rest = result.Buffer;
            while (values is null ? lines.TryTake(ref rest, result.IsCompleted, out var product) : TryTake(values, ref rest, result.IsCompleted, out product))
            {
                yield return product;
            }

            _consumed += result.Buffer.Length - rest.Length;
            _reader.AdvanceTo(rest.Start, rest.End);
            if (result.IsCompleted)
            {
                yield break;
            }
        }
    }

    public async ValueTask DisposeAsync() => await _reader.CompleteAsync();

    private bool TryTake(JsonValues values, ref ReadOnlySequence<byte> rest, bool isWhole, out ReadOnlySequence<byte> product)
    {
        try
        {
            if (values.TryTake(ref rest, isWhole, out product))
            {
                return true;
            }
        }
        catch (JsonException e)
        {
            throw new CommandFailure(ExitCode.Refused, $"{name}: строка {values.Line + (e.LineNumber ?? 0) + 1}: это не JSON, или файл обрывается (индекс товара {values.Count})");
        }

        return rest.Length <= LongestValue
            ? false
            : throw new CommandFailure(ExitCode.Refused, $"{name}: строка {values.Line + 1}: товар больше {LongestValue / 1024 / 1024} МиБ или не закончен (индекс товара {values.Count})");
    }

    /// <summary>Passes over a byte order mark and finds out the format.</summary>
    private async Task<InputFormat> BeginAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var result = await ReadMoreAsync(cancellationToken);
            var beginning = result.Buffer;
            var isWhole = result.IsCompleted;
            if (beginning.Length < 3 && !isWhole)
            {
                _reader.AdvanceTo(beginning.Start, beginning.End);
                continue;
            }

            var begin = beginning.Length >= 3 && beginning.Slice(0, 3).ToArray().AsSpan().SequenceEqual("\ufeff"u8) ? beginning.GetPosition(3) : beginning.Start;
            var found = format == InputFormat.Auto ? InputFormats.Detect(beginning.Slice(begin), isWhole, LongestLine) : format;
            if (found is { } known)
            {
                _consumed = beginning.Length - beginning.Slice(begin).Length;
                _reader.AdvanceTo(begin);
                return known;
            }

            _reader.AdvanceTo(beginning.Start, beginning.End);
        }
    }

    private async ValueTask<ReadResult> ReadMoreAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await _reader.ReadAsync(cancellationToken);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailure(ExitCode.Refused, $"{name}: не читается");
        }
    }

    /// <summary>Cuts lines; blank ones are passed over, what is too long for a product is cut off.</summary>
    private sealed class Lines
    {
        private bool _skipping;

        public bool TryTake(ref ReadOnlySequence<byte> rest, bool isWhole, out ReadOnlySequence<byte> line)
        {
            while (true)
            {
                var end = rest.PositionOf(LineFeed);
                line = end is { } at ? rest.Slice(0, at) : rest;
                if (end is null && !isWhole && line.Length <= LongestLine)
                {
                    if (_skipping)
                    {
                        rest = rest.Slice(rest.End);
                    }

                    return false;
                }

                if (end is null && rest.IsEmpty)
                {
                    return false;
                }

                var wasSkipping = _skipping;
                rest = end is { } feed ? rest.Slice(rest.GetPosition(1, feed)) : rest.Slice(rest.End);
                _skipping = end is null && !isWhole;
                if (wasSkipping || IsBlank(line))
                {
                    continue;
                }

                line = line.Length > LongestLine ? line.Slice(0, LongestLine + 1) : line;
                return true;
            }
        }

        private static bool IsBlank(in ReadOnlySequence<byte> line)
        {
            foreach (var memory in line)
            {
                if (memory.Span.ContainsAnyExcept(" \t\r"u8))
                {
                    return false;
                }
            }

            return true;
        }
    }
}
