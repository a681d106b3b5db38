using Marketplace.Gateway.Hosting.Health;
using Marketplace.Gateway.Hosting.Problems;

namespace Marketplace.Gateway.ReadModels;

/// <summary>A model as a part of <c>/health/ready</c>, and the gate in front of its answers.</summary>
public sealed class ReadModelReadiness<TModel>(TModel model, CatalogFeed feed) : IReadinessPart
    where TModel : class, IReadModel
{
    private bool _wasReady;

    public string Name => model.Name;

    public Readiness Readiness => feed.ReadinessOf(model);

    /// <summary>The model, once it has caught up; it does not fall back behind what it was started with.</summary>
    /// <exception cref="NotReadyException">Not yet.</exception>
    public TModel Ready
    {
        get
        {
            if (!_wasReady)
            {
                var readiness = Readiness;
                _wasReady = readiness.IsReady ? true : throw new NotReadyException($"{Name}: {readiness.Reason}.");
            }

            return model;
        }
    }
}
