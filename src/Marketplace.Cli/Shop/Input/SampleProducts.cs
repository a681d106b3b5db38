using System.Buffers;
using System.Runtime.CompilerServices;
using Marketplace.SampleData;

namespace Marketplace.Cli.Shop.Input;

/// <summary>The sample catalogue.</summary>
internal sealed class SampleProducts(int count) : IProductSource
{
    public long? Length => count;

    public long Read { get; private set; }

    public async IAsyncEnumerable<ReadOnlySequence<byte>> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var catalog = new SampleCatalog();
        var buffer = new ArrayBufferWriter<byte>(4096);
        for (var index = 0; index < count; index++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            buffer.ResetWrittenCount();
            catalog.Write(buffer, index);
            Read = index + 1;
            yield return new ReadOnlySequence<byte>(buffer.WrittenMemory);
        }

        await Task.CompletedTask;
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
