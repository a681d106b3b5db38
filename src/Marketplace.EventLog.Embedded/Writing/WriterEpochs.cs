using Marketplace.EventLog.Embedded.Sqlite;

namespace Marketplace.EventLog.Embedded.Writing;

/// <summary>The latest epoch of each writer name. An older writer of the name is fenced. Used by the writer's thread only.</summary>
internal sealed class WriterEpochs
{
    private readonly Dictionary<string, long> _epochs = new(StringComparer.Ordinal);

    /// <summary>Persists the next epoch of a name.</summary>
    public static long Raise(SqliteConnection connection, string name)
    {
        using var upsert = connection.Prepare(
            "INSERT INTO writers (name, epoch) VALUES (?1, 1) ON CONFLICT (name) DO UPDATE SET epoch = epoch + 1 RETURNING epoch");
        upsert.Bind(1, name).Step();
        return upsert.GetInt64(0);
    }

    public void Publish(string name, long epoch) => _epochs[name] = epoch;

    /// <exception cref="WriterFencedException">A newer writer of this name exists.</exception>
    public void Check(EmbeddedAtomicWriter writer)
    {
        if (_epochs[writer.Name] != writer.Epoch)
        {
            throw new WriterFencedException($"A newer writer '{writer.Name}' exists; this one (epoch {writer.Epoch}) may not commit any more.");
        }
    }
}
