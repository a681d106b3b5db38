using Marketplace.EventLog;
using Marketplace.Gateway.Filter;

namespace Marketplace.Gateway.Tests.Filter;

/// <summary>What the filter keeps on the disk comes back as it was, or not at all.</summary>
public sealed class PartitionSnapshotsTests : IDisposable
{
    private const int Number = 2;
    private const long OutputEnd = 700;
    private static readonly TopicPair Pair = new(Guid.NewGuid(), Guid.NewGuid(), 6);

    private readonly string _folder = Directory.CreateTempSubdirectory("marketplace-filter-snapshots-").FullName;
    private readonly PartitionSnapshots _snapshots;
    private readonly FilterPartition _saved = new(Number) { Position = 900 };

    public PartitionSnapshotsTests()
    {
        var random = new Random(1);
        for (var i = 0; i < 50; i++)
        {
            var withdrawn = random.Next(3) == 0;
            _saved.At(new UInt128((ulong)random.NextInt64(), (ulong)i)) = new ProductState(random.Next(900), !withdrawn && random.Next(2) == 0, withdrawn);
        }

        _snapshots = new PartitionSnapshots(_folder, TimeProvider.System);
    }

    private string File => Directory.GetFiles(_folder).ShouldHaveSingleItem();

    [Fact]
    public void It_comes_back_as_it_was()
    {
        _snapshots.Save(_saved, OutputEnd, Pair);
        _snapshots.TryLoad(Number, Pair, _saved.Position, OutputEnd, out var loaded).ShouldBeTrue();
        loaded!.Products.ShouldBe(_saved.Products, ignoreOrder: true);
        (loaded.Number, loaded.Position, loaded.OutputEnd).ShouldBe((Number, _saved.Position, OutputEnd));
    }

    [Fact]
    public void Any_damaged_byte_and_any_missing_one_is_noticed()
    {
        _snapshots.Save(_saved, OutputEnd, Pair);
        var bytes = System.IO.File.ReadAllBytes(File);
        for (var i = 0; i < bytes.Length; i++)
        {
            bytes[i] ^= 1;
            System.IO.File.WriteAllBytes(File, bytes);
            _snapshots.TryLoad(Number, Pair, _saved.Position, OutputEnd, out _).ShouldBeFalse($"byte {i}");
            bytes[i] ^= 1;
        }

        for (var length = 0; length < bytes.Length; length++)
        {
            System.IO.File.WriteAllBytes(File, bytes[..length]);
            _snapshots.TryLoad(Number, Pair, _saved.Position, OutputEnd, out _).ShouldBeFalse($"{length} bytes");
        }
    }

    [Fact]
    public void What_is_of_another_log_or_ahead_of_this_one_is_not_used()
    {
        _snapshots.Save(_saved, OutputEnd, Pair);
        _snapshots.TryLoad(Number, Pair with { Shop = Guid.NewGuid() }, _saved.Position, OutputEnd, out _).ShouldBeFalse();
        _snapshots.TryLoad(Number, Pair with { Filtered = Guid.NewGuid() }, _saved.Position, OutputEnd, out _).ShouldBeFalse();
        _snapshots.TryLoad(Number, Pair with { Partitions = 7 }, _saved.Position, OutputEnd, out _).ShouldBeFalse();
        _snapshots.TryLoad(Number, Pair, _saved.Position - 1, OutputEnd, out _).ShouldBeFalse();
        _snapshots.TryLoad(Number, Pair, _saved.Position, OutputEnd - 1, out _).ShouldBeFalse();
        _snapshots.TryLoad(Number + 1, Pair, _saved.Position, OutputEnd, out _).ShouldBeFalse();
    }

    [Fact]
    public void With_a_product_on_its_way_out_nothing_is_saved()
    {
        _saved.At(1) = new ProductState(5, onSale: true, withdrawn: true);
        _snapshots.Save(_saved, OutputEnd, Pair);
        Directory.GetFiles(_folder).ShouldBeEmpty();
    }

    /// <summary>A key that differed between processes would make every saved product unknown, and unban it (once a bug, found by the crash run).</summary>
    [Fact]
    public void A_products_key_is_the_same_in_every_process() =>
        KeyHash.Of("abc"u8).ShouldBe(UInt128.Parse("ba7816bf8f01cfea414140de5dae2223", System.Globalization.NumberStyles.HexNumber, System.Globalization.CultureInfo.InvariantCulture));

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
