using System.Text;
using System.Text.Json;
using Marketplace.Gateway.Hosting.Snapshots;
using Marketplace.Gateway.ReadModels;
using Marketplace.Gateway.Topics;
using Marketplace.Search.Suggesting;
using Marketplace.Snapshots;

namespace Marketplace.Gateway.Client.Queries;

/// <summary>Counts what clients searched and found, for suggestions; on the disk with the positions up to which it knows <c>client-queries</c>.</summary>
internal sealed class SearchedQueries : IFeedReader<QueryBatch>, ISnapshotted
{
    private const string FileName = "queries.snapshot";

    private readonly ModelPositions _positions;
    private readonly string _path;
    private readonly Lock _turn = new();
    private long _unsaved;

    private SearchedQueries(QueryCompletions queries, ModelPositions positions, string path) => (Queries, _positions, _path) = (queries, positions, path);

    public string Name => "suggest";

    public long Unsaved => Volatile.Read(ref _unsaved);

    /// <summary>For the search index, which completes what is typed to them.</summary>
    public QueryCompletions Queries { get; }

    public static SearchedQueries Open(string folder, ModelPositions ends, TimeProvider time)
    {
        var path = Path.Combine(folder, FileName);
        return SnapshotFile.TryOpen(path, time, stream => Load(stream, ends, path))
            ?? new SearchedQueries(new QueryCompletions(), ends.AtBeginOf(TopicNames.ClientQueries), path);
    }

    public long StartOf(int partition) => _positions[TopicNames.ClientQueries, partition];

    public void Apply(QueryBatch batch, int first)
    {
        lock (_turn)
        {
            for (var i = first; i < batch.Count; i++)
            {
                if (batch.Query(i) is { IsPage: false, Total: > 0 } query)
                {
                    Queries.Add(Encoding.UTF8.GetString(query.Text.Span));
                }
            }

            _positions[TopicNames.ClientQueries, batch.Partition] = batch.NextOffset;
            Interlocked.Add(ref _unsaved, batch.Count - first);
        }
    }

    public void Publish()
    {
        lock (_turn)
        {
            Queries.Publish();
        }
    }

    public void Save()
    {
        lock (_turn)
        {
            Queries.Publish();
            var state = new State(_positions, [.. Queries.All().Select(query => new CountedQuery(query.Text, query.Times))]);
            StateFile.Write(_path, stream => JsonSerializer.Serialize(stream, state));
            Volatile.Write(ref _unsaved, 0);
        }
    }

    private static SearchedQueries? Load(Stream stream, ModelPositions ends, string path)
    {
        try
        {
            if (JsonSerializer.Deserialize<State>(stream) is not { Positions: { } positions, Queries: { } counted } || !positions.FitsIn(ends))
            {
                return null;
            }

            var queries = new QueryCompletions();
            foreach (var query in counted)
            {
                queries.Add(query.Text, query.Times);
            }

            queries.Publish();
            return new SearchedQueries(queries, positions, path);
        }
        catch (JsonException e)
        {
            throw new InvalidDataException("The snapshot of the queries is damaged.", e);
        }
    }

    private sealed record State(ModelPositions Positions, IReadOnlyList<CountedQuery> Queries);

    private sealed record CountedQuery(string Text, int Times);
}
