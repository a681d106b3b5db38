using Marketplace.EventLog;
using Marketplace.Mirror.Copying;

namespace Marketplace.Mirror.Positions;

/// <summary>
/// Tells a mirror that comes back after a trouble whether another of its name has gone on meanwhile: to open the writer again would
/// fence that one, and a process that was asleep would take over from the one that has replaced it.
/// </summary>
internal sealed class Succession(MirrorContext context)
{
    private HashSet<string>? _predecessors;

    /// <summary>The first time it learns who was before; from then on it looks for who came after.</summary>
    /// <exception cref="WriterFencedException">Another mirror of the name has committed since.</exception>
    public async Task CheckAsync(CancellationToken cancellationToken)
    {
        var positions = await context.Target.GetPositionsAsync(context.Options.Name, cancellationToken);
        var owners = positions.Values.Select(MirrorPosition.OwnerOf).OfType<string>().ToHashSet(StringComparer.Ordinal);
        _predecessors ??= owners;
        if (owners.Any(owner => owner != context.Owner && !_predecessors.Contains(owner)))
        {
            throw new WriterFencedException($"Another mirror named '{context.Options.Name}' goes on.");
        }
    }

    /// <summary>Somebody wants this mirror to go on, whoever else did.</summary>
    public void Forget() => _predecessors = null;
}
