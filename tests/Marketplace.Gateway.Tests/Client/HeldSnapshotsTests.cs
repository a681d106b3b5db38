using System.Text;
using Marketplace.Gateway.ReadModels;
using Marketplace.Products;
using Marketplace.Search;
using Microsoft.Extensions.Time.Testing;

namespace Marketplace.Gateway.Tests.Client;

/// <summary>Which snapshots are held, and for how long.</summary>
public sealed class HeldSnapshotsTests : IAsyncDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly SearchIndex _index = new();
    private readonly HeldSnapshots _held;

    public HeldSnapshotsTests() => _held = new HeldSnapshots(new PagingOptions { HoldFor = TimeSpan.FromMinutes(2), MaxHeld = 3 }, _time);

    public async ValueTask DisposeAsync()
    {
        _held.Dispose();
        await _index.DisposeAsync();
    }

    [Fact]
    public void A_snapshot_is_held_for_some_time_after_its_last_use_and_let_go_of_without_a_search()
    {
        var first = Next();
        var token = _held.TokenOf(first);
        _held.Hold(first);
        var newest = Next();
        _time.Advance(TimeSpan.FromSeconds(119));
        _held.Find(token, newest).ShouldBeSameAs(first);
        _time.Advance(TimeSpan.FromSeconds(119));
        _held.Find(token, newest).ShouldBeSameAs(first, "used a moment before");
        _time.Advance(TimeSpan.FromSeconds(119));
        _held.Count.ShouldBe(1);
        _time.Advance(TimeSpan.FromSeconds(1));
        _held.Count.ShouldBe(0, "the clock alone lets go of it");
        _held.Find(token, newest).ShouldBeSameAs(newest);
    }

    [Fact]
    public void Each_goes_in_its_own_time()
    {
        var first = Next();
        _held.Hold(first);
        _time.Advance(TimeSpan.FromMinutes(1));
        var second = Next();
        _held.Hold(second);
        _time.Advance(TimeSpan.FromMinutes(1));
        _held.Find(_held.TokenOf(second), Next()).ShouldBeSameAs(second);
        _held.Count.ShouldBe(1);
        _time.Advance(TimeSpan.FromMinutes(2));
        _held.Count.ShouldBe(0);
    }

    [Fact]
    public void The_least_recently_used_goes_when_there_are_too_many()
    {
        SearchSnapshot[] snapshots = [Next(), Next(), Next(), Next()];
        foreach (var snapshot in snapshots[..3])
        {
            _held.Hold(snapshot);
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        _held.Hold(snapshots[0]);
        _time.Advance(TimeSpan.FromSeconds(1));
        _held.Hold(snapshots[3]);
        var newest = Next();
        snapshots.Select(snapshot => ReferenceEquals(_held.Find(_held.TokenOf(snapshot), newest), snapshot)).ShouldBe([true, false, true, true]);
        _held.Count.ShouldBe(3);
    }

    [Fact]
    public void What_was_not_held_or_is_of_another_index_is_answered_by_the_newest()
    {
        var snapshot = Next();
        var token = _held.TokenOf(snapshot);
        _held.Find(token, snapshot).ShouldBeSameAs(snapshot, "it is the newest");
        var newest = Next();
        _held.Find(token, newest).ShouldBeSameAs(newest);
        _held.Hold(snapshot);
        _held.Find(null, newest).ShouldBeSameAs(newest);
        _held.Find(token with { Index = token.Index + 1 }, newest).ShouldBeSameAs(newest);
        using var other = new HeldSnapshots(new PagingOptions(), _time);
        other.TokenOf(snapshot).ShouldNotBe(token);
    }

    [Theory]
    [InlineData(0, 3)]
    [InlineData(60, 0)]
    public void Nothing_is_held_where_that_is_wanted(int seconds, int most)
    {
        using var none = new HeldSnapshots(new PagingOptions { HoldFor = TimeSpan.FromSeconds(seconds), MaxHeld = most }, _time);
        none.Hold(Next());
        none.Count.ShouldBe(0);
    }

    [Fact]
    public void A_token_is_read_as_it_was_written()
    {
        foreach (var token in (SnapshotToken[])[new(0, 0), new(uint.MaxValue, long.MaxValue), new(0x00c0ffee, 77)])
        {
            SnapshotToken.TryParse(token.ToString(), out var read).ShouldBeTrue();
            read.ShouldBe(token);
        }
    }

    [Fact]
    public async Task Threads_that_hold_and_find_at_once_keep_to_the_bound()
    {
        var snapshots = Enumerable.Range(0, 50).Select(_ => Next()).ToArray();
        await Task.WhenAll(Enumerable.Range(0, 4).Select(thread => Task.Run(
            () =>
            {
                var random = new Random(thread);
                for (var n = 0; n < 5_000; n++)
                {
                    var snapshot = snapshots[random.Next(snapshots.Length)];
                    _held.Hold(snapshot);
                    _held.Find(_held.TokenOf(snapshot), snapshots[^1]).ShouldBeOneOf(snapshot, snapshots[^1]);
                    _held.Count.ShouldBeLessThanOrEqualTo(3);
                }
            },
            TestContext.Current.CancellationToken)));
    }

    private SearchSnapshot Next()
    {
        var source = Encoding.UTF8.GetBytes("""{"product_id":"p","name":"Чайник"}""");
        ProductReader.TryRead(source, out var product).ShouldBeTrue();
        _index.Upsert(product!, source, 1);
        return _index.Publish();
    }
}
