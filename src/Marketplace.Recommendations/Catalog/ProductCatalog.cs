using Marketplace.Products;
using Marketplace.Recommendations.Storage;
using Marketplace.Snapshots;

namespace Marketplace.Recommendations.Catalog;

/// <summary>
/// Numbers the products, known or only heard of in events, and says which may be shown. A number is for ever: what was learnt
/// of a banned product is there again when the ban is lifted. One writer, many readers without locks.
/// </summary>
internal sealed class ProductCatalog
{
    private readonly ChunkedArray<byte> _states = new();

    [Flags]
    private enum State : byte
    {
        None = 0,
        Listed = 1,
        SoldOut = 2,
    }

    public IdTable Ids { get; } = new();

    public int Count => Ids.Count;

    /// <summary>On sale according to the filter, whether there are any left or not.</summary>
    public bool IsListed(int item) => (StateOf(item) & State.Listed) != 0;

    /// <summary>On sale and not sold out. Asked at the moment of the answer.</summary>
    public bool MayBeShown(int item) => StateOf(item) == State.Listed;

    public void Set(int item, ProductDocument product) =>
        Volatile.Write(ref _states.At(item), (byte)(product.IsSoldOut ? State.Listed | State.SoldOut : State.Listed));

    public void Remove(int item) => Volatile.Write(ref _states.At(item), (byte)State.None);

    public void Save(SnapshotWriter writer)
    {
        Ids.Save(writer);
        _states.Save(writer);
    }

    public void Load(SnapshotReader reader)
    {
        Ids.Load(reader);
        _states.Load(reader);
    }

    private State StateOf(int item) => (State)_states.Read(item);
}
