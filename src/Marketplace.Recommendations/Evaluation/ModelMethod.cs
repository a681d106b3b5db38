using System.Globalization;
using Marketplace.Products;

namespace Marketplace.Recommendations.Evaluation;

/// <summary>The model itself, asked through the same calls as live; of the products it knows nothing but their numbers.</summary>
public sealed class ModelMethod : IRankingMethod
{
    private readonly RecommendationModel _model;

    /// <param name="items">Items are numbered from 0 to this.</param>
    public ModelMethod(int items, RecommendationOptions options)
    {
        _model = new RecommendationModel(options);
        for (var item = 0; item < items; item++)
        {
            _model.Upsert(new ProductDocument { Id = item.ToString(CultureInfo.InvariantCulture), Name = "" });
        }
    }

    public string Name => "model";

    public void Learn(in Interaction interaction)
    {
        Span<byte> user = stackalloc byte[11];
        Span<byte> item = stackalloc byte[11];
        interaction.User.TryFormat(user, out var userLength, default, CultureInfo.InvariantCulture);
        interaction.Item.TryFormat(item, out var itemLength, default, CultureInfo.InvariantCulture);
        _model.Apply(new ClientEvent
        {
            Kind = interaction.Kind,
            UserId = user[..userLength],
            ProductId = item[..itemLength],
            OccurredAt = interaction.Time,
            Rating = interaction.Rating,
        });
    }

    public void Prepare() => _model.Publish();

    public IReadOnlyList<int> Rank(int user, int count, long time) =>
    [
        .. _model.Recommend(user.ToString(CultureInfo.InvariantCulture), count, DateTimeOffset.FromUnixTimeMilliseconds(time))
            .Select(r => int.Parse(r.ProductId, CultureInfo.InvariantCulture)),
    ];
}
