using System.Buffers;

namespace Marketplace.Cli.Shop.Input;

/// <summary>Products one after the other, without a limit to their number.</summary>
internal interface IProductSource : IAsyncDisposable
{
    /// <summary>What there is to read, in the unit of <see cref="Read"/>; null when nobody knows.</summary>
    long? Length { get; }

    /// <summary>How much of it has been read.</summary>
    long Read { get; }

    /// <summary>
    /// Each product's JSON on one line, without a line end; the bytes are valid until the next is asked for. Nobody has
    /// checked that it is a valid product.
    /// </summary>
    /// <exception cref="Running.CommandFailure">From here on the source cannot be read.</exception>
    IAsyncEnumerable<ReadOnlySequence<byte>> ReadAsync(CancellationToken cancellationToken);
}
