using Marketplace.Cli.Gateway;

namespace Marketplace.Cli.Shop.Sending;

/// <summary>
/// What became of the products sent so far. Up to <see cref="MaxListed"/> each is listed; beyond that only what was
/// refused, the first <see cref="MaxRefusedListed"/>, as the gateway does for a stream.
/// </summary>
internal sealed class SendReport(long from)
{
    private const int MaxListed = 10_000;
    private const int MaxRefusedListed = 1_000;

    private readonly List<ProductResult> _refused = [];
    private List<ProductResult> _results = [];

    public long Accepted { get; private set; }

    public long Rejected { get; private set; }

    /// <summary>The index of the first product that is not known to be durable.</summary>
    public long Next => from + Accepted + Rejected;

    /// <summary>Adds the answer to the products from <see cref="Next"/> on.</summary>
    public void Add(IngestionAnswer answer)
    {
        var first = Next;
        foreach (var one in answer.Results ?? [])
        {
            var result = one with { Index = first + one.Index };
            if (_results != _refused)
            {
                _results.Add(result);
            }

            if (result.IsRefused && _refused.Count < MaxRefusedListed)
            {
                _refused.Add(result);
            }
        }

        AddUnlisted(answer.Accepted, answer.Rejected);
    }

    public void AddUnlisted(long accepted, long rejected)
    {
        Accepted += accepted;
        Rejected += rejected;
        if (Accepted + Rejected > MaxListed)
        {
            _results = _refused;
        }
    }

    public SendAnswer ToAnswer() => new(Accepted, Rejected, Next, _results);
}
