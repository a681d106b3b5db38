namespace Marketplace.Gateway.ReadModels;

/// <summary>A model's side that faces one topic. Called by one thread at a time.</summary>
public interface IFeedReader<in TBatch>
    where TBatch : FeedBatch
{
    string Name { get; }

    /// <summary>The next offset this model needs of a partition: what is before it, it knows from its snapshot.</summary>
    long StartOf(int partition) => 0;

    /// <param name="first">The index of the first record that the model does not know yet.</param>
    void Apply(TBatch batch, int first);

    /// <summary>Shows readers what was applied.</summary>
    void Publish();
}
