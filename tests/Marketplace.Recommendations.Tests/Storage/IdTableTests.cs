using System.Text;
using Marketplace.Recommendations.Storage;

namespace Marketplace.Recommendations.Tests.Storage;

public class IdTableTests
{
    [Fact]
    public void Numbers_identifiers_as_a_dictionary_would()
    {
        var random = new Random(1);
        var table = new IdTable();
        var model = new Dictionary<string, int>();
        for (var i = 0; i < 50_000; i++)
        {
            var id = random.Next(3) == 0 ? $"товар/{random.Next(20_000)}" : new string('x', random.Next(1, 300)) + random.Next(2_000);
            var known = model.TryGetValue(id, out var expected);
            table.Find(id).ShouldBe(known ? expected : -1);
            if (!known)
            {
                model.Add(id, expected = model.Count);
            }

            table.FindOrAdd(Encoding.UTF8.GetBytes(id)).ShouldBe(expected);
        }

        table.Count.ShouldBe(model.Count);
        foreach (var (id, index) in model)
        {
            table.TextOf(index).ShouldBe(id);
        }
    }

    [Fact]
    public void Refuses_what_is_no_identifier()
    {
        var table = new IdTable();
        Should.Throw<ArgumentException>(() => table.FindOrAdd([]));
        Should.Throw<ArgumentException>(() => table.FindOrAdd(new byte[IdTable.MaxIdBytes + 1]));
        table.Find(new string('x', 100_000)).ShouldBe(-1);
        table.Count.ShouldBe(0);
    }

    [Fact]
    public async Task Readers_beside_the_writer_find_all_that_was_there_when_they_began()
    {
        var table = new IdTable();
        const int Total = 100_000;
        var reader = Task.Run(() =>
        {
            var random = new Random(2);
            for (int count; (count = table.Count) < Total;)
            {
                var index = count == 0 ? -1 : random.Next(count);
                if (index >= 0)
                {
                    table.Find($"id-{index}").ShouldBe(index);
                }
            }
        });
        for (var i = 0; i < Total; i++)
        {
            table.FindOrAdd(Encoding.UTF8.GetBytes($"id-{i}"));
        }

        await reader;
    }
}
