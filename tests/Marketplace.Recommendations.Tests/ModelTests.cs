namespace Marketplace.Recommendations.Tests;

public class ModelTests
{
    private readonly RecommendationModel _model = new();

    [Fact]
    public void With_nothing_known_the_choice_is_varied_and_stable()
    {
        for (var i = 0; i < 1000; i++)
        {
            _model.Upsert(Catalogue.Product($"p{i}", $"Товар {i}", $"Категория {i / 100}", $"Бренд {i / 50}"));
        }

        _model.Publish();
        var first = _model.Recommend("никто", 10, Catalogue.Now);
        first.Count.ShouldBe(10);
        first.ShouldAllBe(r => r.Reason.Kind == ReasonKind.Discovery && r.Reason.Because.Count == 0);
        first.Select(r => int.Parse(r.ProductId[1..]) / 50).Distinct().Count().ShouldBeGreaterThan(5);
        _model.Recommend("другой", 10, Catalogue.Now.AddDays(3)).Ids().ShouldBe(first.Ids());

        // The same products in another order: the same choice.
        var other = new RecommendationModel();
        for (var i = 999; i >= 0; i--)
        {
            other.Upsert(Catalogue.Product($"p{i}", $"Товар {i}", $"Категория {i / 100}", $"Бренд {i / 50}"));
        }

        other.Publish();
        other.Recommend("никто", 10, Catalogue.Now).Ids().ShouldBe(first.Ids());
    }

    [Fact]
    public void What_many_want_comes_first_for_a_stranger()
    {
        for (var i = 0; i < 100; i++)
        {
            _model.Upsert(Catalogue.Product($"p{i}"));
        }

        for (var i = 0; i < 5; i++)
        {
            for (var user = 0; user <= i; user++)
            {
                _model.Do(ClientEventKind.Purchase, $"u{user}", $"p{i}");
            }
        }

        _model.Publish();
        var list = _model.Recommend("stranger", 10, Catalogue.Now);
        list.Ids()[..5].ShouldBe(["p4", "p3", "p2", "p1", "p0"]);
        list[0].Reason.Kind.ShouldBe(ReasonKind.Trending);
        list[9].Reason.Kind.ShouldBe(ReasonKind.Discovery);
    }

    [Fact]
    public void Two_clients_get_what_follows_from_their_own_actions_at_once()
    {
        for (var i = 0; i < 20; i++)
        {
            _model.Upsert(Catalogue.Product($"часы{i}", $"Умные часы {i}", "Часы"));
            _model.Upsert(Catalogue.Product($"чайник{i}", $"Электрический чайник {i}", "Кухня"));
        }

        _model.Publish();
        _model.Do(ClientEventKind.View, "анна", "часы3");
        _model.Do(ClientEventKind.View, "борис", "чайник7");
        var anna = _model.Recommend("анна", 5, Catalogue.Now);
        var boris = _model.Recommend("борис", 5, Catalogue.Now);
        anna.ShouldAllBe(r => r.ProductId.StartsWith("часы") && r.ProductId != "часы3");
        boris.ShouldAllBe(r => r.ProductId.StartsWith("чайник") && r.ProductId != "чайник7");
        anna[0].Reason.Kind.ShouldBe(ReasonKind.SimilarContent);
        anna[0].Reason.Because.ShouldBe(["часы3"]);
    }

    [Fact]
    public void What_others_bought_next_is_recommended_with_its_reason()
    {
        foreach (var id in new[] { "телефон", "чехол", "книга", "плёнка" })
        {
            _model.Upsert(Catalogue.Product(id, id));
        }

        for (var user = 0; user < 10; user++)
        {
            _model.Do(ClientEventKind.Purchase, $"u{user}", "телефон", Catalogue.Now.AddDays(-9));
            _model.Do(ClientEventKind.Purchase, $"u{user}", user < 7 ? "чехол" : "плёнка", Catalogue.Now.AddDays(-8));
        }

        _model.Do(ClientEventKind.Purchase, "анна", "телефон", Catalogue.Now.AddDays(-1));
        _model.Publish();
        var list = _model.Recommend("анна", 2, Catalogue.Now);
        list.Ids().ShouldBe(["чехол", "плёнка"]);
        list[0].Reason.Kind.ShouldBe(ReasonKind.BoughtTogether);
        list[0].Reason.Because.ShouldBe(["телефон"]);
        _model.Similar("чехол", 1).Ids().ShouldBe(["телефон"]);
    }

    [Fact]
    public void Nothing_banned_or_sold_out_is_in_any_list_even_when_it_is_all_a_client_knows()
    {
        for (var i = 0; i < 30; i++)
        {
            _model.Upsert(Catalogue.Product($"p{i}", "Умные часы", "Часы"));
        }

        for (var i = 0; i < 30; i++)
        {
            _model.Do(ClientEventKind.Purchase, $"u{i % 3}", $"p{i}");
        }

        _model.Publish();
        for (var i = 0; i < 20; i++)
        {
            if (i % 2 == 0)
            {
                _model.Remove($"p{i}").ShouldBeTrue();
                _model.Remove($"p{i}").ShouldBeFalse();
            }
            else
            {
                _model.Upsert(Catalogue.Product($"p{i}", "Умные часы", "Часы", null, 0));
            }
        }

        foreach (var list in new[] { _model.Recommend("u0", 30, Catalogue.Now), _model.Recommend("никто", 30, Catalogue.Now), _model.Similar("p25", 30) })
        {
            list.Count.ShouldBeGreaterThan(0);
            foreach (var id in list.SelectMany(r => r.Reason.Because.Append(r.ProductId)))
            {
                int.Parse(id[1..]).ShouldBeGreaterThanOrEqualTo(20);
            }
        }

        _model.Similar("p0", 10).ShouldBeEmpty();
        _model.Upsert(Catalogue.Product("p0", "Умные часы", "Часы"));
        _model.Similar("p0", 30).Count.ShouldBeGreaterThan(0);
        _model.Similar("p25", 30).Ids().ShouldContain("p0");
    }

    [Fact]
    public void Ten_items_are_not_one_brand_when_there_is_anything_else()
    {
        for (var i = 0; i < 40; i++)
        {
            _model.Upsert(Catalogue.Product($"v{i}", "Умные часы", "Часы", "Вега"));
        }

        for (var i = 0; i < 5; i++)
        {
            _model.Upsert(Catalogue.Product($"o{i}", "Чайник", "Кухня", $"Бренд {i}"));
        }

        _model.Publish();
        _model.Do(ClientEventKind.View, "анна", "v0");
        var list = _model.Recommend("анна", 10, Catalogue.Now);
        list.Count.ShouldBe(10);
        list.Count(r => r.ProductId.StartsWith('v')).ShouldBe(5);
        list.Zip(list.Skip(1)).ShouldAllBe(pair => pair.First.Score >= pair.Second.Score);
        _model.Recommend("анна", 20, Catalogue.Now).Count.ShouldBe(20);
    }

    [Fact]
    public void An_event_of_an_unknown_product_is_held_until_it_is_known()
    {
        _model.Upsert(Catalogue.Product("a"));
        _model.Do(ClientEventKind.Purchase, "u1", "a", Catalogue.Now.AddDays(-3));
        _model.Do(ClientEventKind.Purchase, "u1", "later", Catalogue.Now.AddDays(-2));
        _model.Do(ClientEventKind.Purchase, "u2", "a", Catalogue.Now.AddDays(-1));
        _model.Recommend("u2", 5, Catalogue.Now).ShouldBeEmpty();
        _model.Upsert(Catalogue.Product("later"));
        _model.Recommend("u2", 5, Catalogue.Now).Single().Reason.Because.ShouldBe(["a"]);
    }

    [Fact]
    public void Seen_in_cart_bought_and_disliked_are_hidden_by_their_rules()
    {
        foreach (var id in new[] { "seen", "cart", "taken-out", "bought", "disliked", "free" })
        {
            _model.Upsert(Catalogue.Product(id));
        }

        _model.Do(ClientEventKind.View, "u", "seen");
        _model.Do(ClientEventKind.AddToCart, "u", "taken-out");
        _model.Do(ClientEventKind.RemoveFromCart, "u", "taken-out");
        _model.Do(ClientEventKind.AddToCart, "u", "cart");
        _model.Do(ClientEventKind.Purchase, "u", "bought");
        _model.Do(ClientEventKind.Review, "u", "disliked", rating: 1);
        _model.Publish();
        Shown(0).ShouldBe(["free"]);
        Shown(2).ShouldBe(["free", "seen", "taken-out"]);
        Shown(24 * 8).ShouldBe(["cart", "free", "seen", "taken-out"]);
        Shown(24 * 399).ShouldBe(["cart", "free", "seen", "taken-out"]);

        string[] Shown(int hours) => [.. _model.Recommend("u", 10, Catalogue.Now.AddHours(hours)).Ids().Order(StringComparer.Ordinal)];
    }

    [Fact]
    public void A_session_and_a_user_of_one_name_are_two()
    {
        _model.Upsert(Catalogue.Product("a", "Умные часы"));
        _model.Upsert(Catalogue.Product("b", "Умные часы"));
        _model.Apply(new ClientEvent { Kind = ClientEventKind.View, SessionId = "x"u8, ProductId = "a"u8, OccurredAt = Catalogue.Now.ToUnixTimeMilliseconds() });
        _model.Recommend("x", 5, Catalogue.Now).Ids().ShouldBe(["b"]);
        _model.Do(ClientEventKind.View, "x", "b");
        _model.Recommend("x", 5, Catalogue.Now).Ids().ShouldBe(["a"]);
    }

    [Fact]
    public void An_impossible_limit_is_refused_and_none_is_none()
    {
        Should.Throw<ArgumentOutOfRangeException>(() => _model.Recommend("u", -1, Catalogue.Now));
        Should.Throw<ArgumentOutOfRangeException>(() => _model.Similar("p", -1));
        _model.Recommend("u", 0, Catalogue.Now).ShouldBeEmpty();
        _model.Upsert(Catalogue.Product("a"));
        _model.Publish();
        _model.Recommend("u", int.MaxValue, Catalogue.Now).Count.ShouldBe(1);
    }

    [Fact]
    public void An_impossible_setting_is_refused_by_its_name() =>
        Should.Throw<ArgumentOutOfRangeException>(() => new RecommendationModel(new RecommendationOptions
        {
            Buying = Recommendations.Behaviour.BehaviourProfile.Purchases with { Neighbours = 0 },
        })).Message.ShouldContain("Buying.Neighbours");
}
