global using Keyway.Protocol.Resp;
