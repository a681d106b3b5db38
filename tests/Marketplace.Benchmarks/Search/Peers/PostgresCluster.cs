using System.Globalization;
using Marketplace.Testing;
using Npgsql;

namespace Marketplace.Benchmarks.Search.Peers;

/// <summary>A PostgreSQL server of this run's own: its data and its only address, a Unix socket, are in one folder, and gone with it.</summary>
internal sealed class PostgresCluster : IAsyncDisposable
{
    private const string DebianFolder = "/usr/lib/postgresql/15/bin";
    private const string User = "benchmark";
    private const double Megabyte = 1024 * 1024;
    private const double MostBuffers = 4096;

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    private readonly string _folder;
    private readonly string _control;

    private PostgresCluster(string folder, string control) => (_folder, _control) = (folder, control);

    /// <summary>Where PostgreSQL's programs are; null where it is not installed.</summary>
    public static string? Programs { get; } =
        new[] { DebianFolder }.Concat((Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator))
            .FirstOrDefault(folder => File.Exists(Path.Combine(folder, "initdb")) && File.Exists(Path.Combine(folder, "pg_ctl")));

    public string Version
    {
        get
        {
            using var connection = Open();
            return connection.ServerVersion;
        }
    }

    /// <exception cref="InvalidOperationException">It does not start; the message holds why.</exception>
    public static async Task<PostgresCluster> StartAsync(string programs, string folder, CancellationToken cancellationToken)
    {
        var (script, data, log) = (Path.Combine(folder, "start.sh"), Path.Combine(folder, "data"), Path.Combine(folder, "server.log"));

        // It refuses to run as root.
        var (own, run) = Environment.IsPrivilegedProcess ? ($"chown postgres '{folder}'", "runuser -u postgres -- ") : ("", "");
        var cluster = new PostgresCluster(folder, $"{run}'{programs}/pg_ctl' -D '{data}'");
        await File.WriteAllTextAsync(script, $"""
            set -e
            {own}
            cd '{folder}'
            {run}'{programs}/initdb' -D '{data}' -A trust -U {User} -E UTF8 --lc-collate=C --lc-ctype=C.UTF-8 --no-sync
            cat '{folder}/settings.conf' >>'{data}/postgresql.conf'
            {cluster._control} -l '{log}' -w start || cat '{log}' >&2
            {cluster._control} status
            """, cancellationToken);
        await File.WriteAllTextAsync(Path.Combine(folder, "settings.conf"), Settings(folder), cancellationToken);
        try
        {
            await Script.RunAsync(script, [], [], Limit, cancellationToken);
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <param name="queryLimit">After which the server gives a statement up.</param>
    public NpgsqlConnection Open(TimeSpan? queryLimit = null)
    {
        var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder
        {
            Host = _folder,
            Username = User,
            Database = "postgres",
            Pooling = false,
            CommandTimeout = 0,
            GssEncryptionMode = GssEncryptionMode.Disable,
            Options = string.Create(CultureInfo.InvariantCulture, $"-c statement_timeout={queryLimit?.TotalMilliseconds ?? 0:0}"),
        }.ConnectionString);
        connection.Open();
        return connection;
    }

    public async ValueTask DisposeAsync()
    {
        var script = Path.Combine(_folder, "stop.sh");
        await File.WriteAllTextAsync(script, $"""
            cd '{_folder}'
            ! {_control} status || {_control} -m immediate -w stop
            """);
        await Script.RunAsync(script, [], [], Limit, CancellationToken.None);
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>For a machine that serves nothing else and data that can be made anew: memory for all that is asked, and no wait for the disk.</summary>
    private static string Settings(string folder)
    {
        var memory = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / Megabyte;
        return string.Create(CultureInfo.InvariantCulture, $"""
            listen_addresses = ''
            unix_socket_directories = '{folder}'
            shared_buffers = {Math.Min(MostBuffers, memory / 4):0}MB
            effective_cache_size = {memory / 2:0}MB
            work_mem = 64MB
            maintenance_work_mem = 512MB
            jit = off
            max_parallel_workers_per_gather = 0
            random_page_cost = 1.1
            autovacuum = off
            fsync = off
            synchronous_commit = off
            full_page_writes = off
            wal_level = minimal
            max_wal_senders = 0
            max_wal_size = 16GB
            checkpoint_timeout = 1h

            # The usual 0.6 misses most names of which two words were mistyped.
            pg_trgm.word_similarity_threshold = 0.5
            """);
    }
}
