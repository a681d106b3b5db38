using Marketplace.Cli.Gateway;
using Marketplace.Cli.Output;
using Spectre.Console;

namespace Marketplace.Cli.Client;

/// <summary>Shows a page of search results to a person.</summary>
internal sealed class SearchView(Screen screen, SearchPage page, int offset, int? limit)
{
    private const int DefaultLimit = 10;

    public void Show()
    {
        if (page.DidYouMean is { } meant)
        {
            screen.Line($"Искали [bold]{Words.Markup(meant)}[/] вместо «{Words.Markup(page.Query)}».");
        }

        if (page.Items.Count > 0)
        {
            ShowItems();
        }

        screen.Line(Summary());
        ShowExplanations();
        foreach (var (name, facet) in page.Facets)
        {
            ShowFacet(name, facet);
        }
    }

    private void ShowItems()
    {
        var cards = page.Items.Select(item => ProductCard.Read(item.Product)).ToArray();
        var table = Screen.Table(
            Column.Number("№"), "Товар", "Марка", Column.Number("Цена"), Column.Number("Есть"), Column.Id(cards.Select(card => card.Id)));
        for (var at = 0; at < page.Items.Count; at++)
        {
            var (item, card) = (page.Items[at], cards[at]);
            table.AddRow(
                $"{offset + at + 1}",
                item.Highlights.TryGetValue("name", out var name) ? Highlight.Markup(name) : card.Name,
                card.Brand, card.Price, card.Stock, card.Id);
        }

        screen.Write(table);
    }

    private string Summary()
    {
        var took = $"[grey]({Words.Number(page.TookMs, 1)} мс)[/]";
        if (page.Total == 0)
        {
            return $"Ничего не нашлось. {took}";
        }

        // A page may have fewer than it was asked for, where some were taken off sale; the next begins where it would otherwise.
        var next = (long)offset + (limit ?? DefaultLimit);
        var more = next < page.Total ? $" Дальше: --offset {next} --as-of {Words.Markup(page.AsOf)}." : "";
        return page.Items.Count == 0
            ? $"Найдено: {Words.Products(page.Total)}; на этой странице их уже нет.{more} {took}"
            : $"Найдено: {Words.Products(page.Total)}, показаны {offset + 1}–{offset + page.Items.Count}.{more} {took}";
    }

    private void ShowExplanations()
    {
        for (var at = 0; at < page.Items.Count; at++)
        {
            if (page.Items[at].Explain is not { } parts)
            {
                continue;
            }

            screen.Line();
            screen.Line($"[bold]{offset + at + 1}.[/] {ProductCard.Read(page.Items[at].Product).Name}: [bold]{Words.Number((decimal)page.Items[at].Score, 4)}[/]");
            foreach (var part in parts)
            {
                screen.Line($"   {Words.Number((decimal)part.Score, 4),10}  {Words.Markup(part.Name)}  [grey]{Words.Markup(part.Detail)}[/]");
            }
        }
    }

    private void ShowFacet(string name, FacetAnswer facet)
    {
        screen.Line();
        screen.Line($"[bold]{Words.Markup(name)}[/]");
        if (facet.Statistics is { } prices)
        {
            screen.Line($"  от {Words.Number(prices.Min)} до {Words.Number(prices.Max)}, в среднем {Words.Number(prices.Average)}");
        }

        foreach (var value in facet.Values)
        {
            screen.Line($"  {Words.Number(value.Count),8}  {Words.Markup(value.Value)}");
        }

        if (facet.Values.Count == 0)
        {
            screen.Line("  [grey]нет значений[/]");
        }
    }
}
