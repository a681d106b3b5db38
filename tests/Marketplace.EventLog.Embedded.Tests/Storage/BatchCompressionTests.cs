using System.Text;

namespace Marketplace.EventLog.Embedded.Tests.Storage;

public sealed class BatchCompressionTests : EmbeddedTest
{
    private const string Topic = "t";
    private readonly Random _random = new(1);

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        await EnsureAsync(Topic);
    }

    [Fact]
    public async Task What_is_alike_is_stored_in_less_and_read_as_it_was()
    {
        var values = await AppendAsync(i => $"{{\"product_id\":\"{i}\",\"name\":\"Умные часы XYZ\",\"brand\":\"XYZ\",\"category\":\"Часы\"}}");
        (await ReadAsync(Topic)).ShouldBe(values);

        await Harness.CloseAsync();
        Query("SELECT count(*) FROM batches WHERE bytes IS NULL").ShouldBe(0);
        Query("SELECT sum(length(data)) FROM batches").ShouldBeLessThan(values.Sum(Encoding.UTF8.GetByteCount) / 2);
        await Harness.StartAsync();
        (await ReadAsync(Topic)).ShouldBe(values);
    }

    [Fact]
    public async Task What_does_not_get_smaller_is_stored_as_it_is()
    {
        var values = await AppendAsync(_ => Convert.ToBase64String(Bytes(3000)));
        await AppendAsync(_ => "small", count: 1);
        (await ReadAsync(Topic)).ShouldBe([.. values, "small"]);

        await Harness.CloseAsync();
        Query("SELECT count(*) FROM batches WHERE bytes IS NOT NULL").ShouldBe(0);
    }

    [Fact]
    public async Task A_damaged_byte_is_noticed_wherever_it_is()
    {
        await AppendAsync(i => $"value {i} of many that are alike");
        await Harness.CloseAsync();
        Change("UPDATE batches SET bytes = bytes - 1");
        await Should.ThrowAsync<LogFailedException>(Harness.StartAsync);

        Change("UPDATE batches SET bytes = bytes + 1, data = CAST(substr(data, 1, length(data) - 1) || x'00' AS BLOB)");
        await Should.ThrowAsync<LogFailedException>(Harness.StartAsync);
    }

    [Fact]
    public async Task A_log_from_before_compression_is_read_and_goes_on()
    {
        var values = await AppendAsync(_ => Convert.ToBase64String(Bytes(30)), count: 3);
        await Harness.CloseAsync();
        Change("ALTER TABLE batches DROP COLUMN bytes");
        Change("PRAGMA user_version = 2");

        await Harness.StartAsync();
        values.AddRange(await AppendAsync(i => $"value {i} of many that are alike"));
        (await ReadAsync(Topic)).ShouldBe(values);
        await Harness.ReopenAsync();
        (await ReadAsync(Topic)).ShouldBe(values);
    }

    private async Task<List<string>> AppendAsync(Func<int, string> value, int count = 100)
    {
        var values = Enumerable.Range(0, count).Select(value).ToList();
        await Log.AppendAsync(Topic, values.Select(text => Record("k", text)).ToArray(), Token);
        return values;
    }

    private byte[] Bytes(int count)
    {
        var bytes = new byte[count];
        _random.NextBytes(bytes);
        return bytes;
    }
}
