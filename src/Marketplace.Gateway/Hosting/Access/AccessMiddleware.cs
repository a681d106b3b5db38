using Marketplace.Gateway.Hosting.Problems;

namespace Marketplace.Gateway.Hosting.Access;

/// <summary>Lets a request pass to an endpoint with a <see cref="RequiredRole"/> when its key has that role.</summary>
internal sealed class AccessMiddleware(RequestDelegate next, ApiKeyRing keys)
{
    public Task InvokeAsync(HttpContext context)
    {
        if (keys.IsEmpty || context.GetEndpoint()?.Metadata.GetMetadata<RequiredRole>() is not { } required)
        {
            return next(context);
        }

        var presented = context.Request.Headers[ApiKeyRing.Header];
        var key = presented.Count == 1 ? keys.Find(presented[0]) : null;
        if (key is null)
        {
            context.Response.Headers.WWWAuthenticate = "ApiKey";
            return new Problem(StatusCodes.Status401Unauthorized, presented.Count == 0
                ? $"This needs an API key in the header {ApiKeyRing.Header}."
                : $"The API key in the header {ApiKeyRing.Header} is not known.").WriteAsync(context);
        }

        if (!key.May(required.Role))
        {
            return new Problem(StatusCodes.Status403Forbidden, $"This needs a key with the role '{Roles.NameOf(required.Role)}'.").WriteAsync(context);
        }

        context.Features.Set(key);
        return next(context);
    }
}
