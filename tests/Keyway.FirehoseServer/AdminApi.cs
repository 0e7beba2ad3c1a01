using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Keyway.FirehoseServer;

/// <summary>What a test asks of the server as a process of its own, under <c>/_admin</c>.</summary>
internal static class AdminApi
{
    public static async Task AnswerAsync(LocalFirehose server, HttpContext context, string command, byte[] body)
    {
        string text = Encoding.UTF8.GetString(body);
        switch (command)
        {
            case "/stats":
                JsonObject stats = new()
                {
                    ["calls"] = server.Calls,
                    ["refused"] = server.Refused,
                    ["records"] = server.Ledger.Count,
                    ["bytes"] = server.Ledger.Bytes,
                };
                await context.Response.WriteAsync(stats.ToJsonString());
                return;
            case "/ledger":
                foreach (LedgerRecord record in server.Ledger.Records)
                {
                    JsonObject line = new() { ["stream"] = record.Stream, ["call"] = record.Call, ["data"] = Convert.ToBase64String(record.Data) };
                    await context.Response.WriteAsync(line.ToJsonString() + "\n");
                }

                return;
            case "/script":
                server.Faults.Add(text);
                return;
            case "/rates":
                server.Faults.SetRates(text);
                return;
            default:
                context.Response.StatusCode = 404;
                return;
        }
    }
}
