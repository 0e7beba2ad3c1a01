global using Keyway.Protocol.Hashing;
