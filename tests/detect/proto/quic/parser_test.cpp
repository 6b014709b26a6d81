#include "detect/proto/quic/parser.hpp"

#include "tests/support/parser_feed.hpp"

#include <boost/test/unit_test.hpp>
#include <openssl/evp.h>

using namespace cresset;
using namespace cresset::detect::proto;
using namespace cresset::detect::proto::quic;
using namespace cresset::test;

namespace {

constexpr auto to_server = direction::to_server;
constexpr auto to_client = direction::to_client;

/// Keys that the standards give for the connection id 8394c8f03e515708 (RFC 9001 A.1, RFC 9369
/// A.1).
struct side {
  std::uint32_t version;
  unsigned first_byte;
  std::string key, iv, header_key;
};
const side client_1{version_1, 0xc0, from_hex("1f369613dd76d5467730efcbe3b1a22d"),
                    from_hex("fa044b2f42a3fd3b46fb255c"),
                    from_hex("9f50449e04a0e810283a1e9933adedd2")};
const side server_1{version_1, 0xc0, from_hex("cf3a5331653c364c88f0f379b6067e37"),
                    from_hex("0ac1493ca1905853b0bba03e"),
                    from_hex("c206b8d9b9f0f37644430b490eeaa314")};
const side client_2{version_2, 0xd0, from_hex("8b1a0bc121284290a29e0971b5cd045d"),
                    from_hex("91f73e2351d8fa91660e909f"),
                    from_hex("45b95e15235d6f45a6b19cbcb0294ba9")};
const std::string connection_id = from_hex("8394c8f03e515708");

const unsigned char* raw(const std::string& text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}
std::string big_endian(std::size_t value, int bytes) {
  std::string text;
  while (bytes-- > 0)
    text += static_cast<char>(value >> (8 * bytes) & 0xffU);
  return text;
}
std::string sized(const std::string& text, int bytes) {
  return big_endian(text.size(), bytes) + text;
}
std::string varint(std::size_t value) {
  return big_endian(value | std::size_t{3} << 62U, 8); // the longest form
}

std::string cipher(const EVP_CIPHER* how, const std::string& key, const std::string& iv,
                   const std::string& header, const std::string& text, bool has_tag) {
  std::string out(text.size() + 16, '\0');
  auto* context = EVP_CIPHER_CTX_new();
  int size = 0;
  auto* to = reinterpret_cast<unsigned char*>(out.data());
  EVP_EncryptInit_ex(context, how, nullptr, raw(key), iv.empty() ? nullptr : raw(iv));
  EVP_CIPHER_CTX_set_padding(context, 0);
  if (!header.empty())
    EVP_EncryptUpdate(context, nullptr, &size, raw(header), static_cast<int>(header.size()));
  EVP_EncryptUpdate(context, to, &size, raw(text), static_cast<int>(text.size()));
  if (has_tag) {
    EVP_EncryptFinal_ex(context, to + size, &size);
    EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_GCM_GET_TAG, 16, to + text.size());
  } else {
    out.resize(text.size());
  }
  EVP_CIPHER_CTX_free(context);
  return out;
}

/// An Initial packet as its sender makes it, with a packet number of two bytes.
std::string initial(const side& from, const std::string& destination, const std::string& source,
                    unsigned number, const std::string& frames) {
  auto header = big_endian(from.first_byte | 1U, 1) + big_endian(from.version, 4) +
                sized(destination, 1) + sized(source, 1) + varint(0) +
                varint(2 + frames.size() + 16);
  const auto number_at = header.size();
  header += big_endian(number, 2);
  auto nonce = from.iv;
  nonce[10] = static_cast<char>(nonce[10] ^ header[number_at]);
  nonce[11] = static_cast<char>(nonce[11] ^ header[number_at + 1]);
  auto packet = header + cipher(EVP_aes_128_gcm(), from.key, nonce, header, frames, true);
  const auto mask =
      cipher(EVP_aes_128_ecb(), from.header_key, "", "", packet.substr(number_at + 4, 16), false);
  packet[0] = static_cast<char>(packet[0] ^ (mask[0] & 0x0f));
  packet[number_at] = static_cast<char>(packet[number_at] ^ mask[1]);
  packet[number_at + 1] = static_cast<char>(packet[number_at + 1] ^ mask[2]);
  return packet;
}

std::string crypto(std::size_t offset, const std::string& bytes) {
  return "\x06" + varint(offset) + varint(bytes.size()) + bytes;
}
std::string client_hello() {
  const auto sni = sized(std::string(1, '\0') + sized("example.org", 2), 2);
  const auto alpn = sized(sized("h3", 1), 2);
  const auto extensions = big_endian(0, 2) + sized(sni, 2) + big_endian(16, 2) + sized(alpn, 2) +
                          from_hex("002b 0003 02 0304");
  const auto body = from_hex("0303") + std::string(32, 'r') + sized("", 1) +
                    sized(from_hex("13011302"), 2) + from_hex("0100") + sized(extensions, 2);
  return from_hex("01") + sized(body, 3);
}
std::string server_hello() {
  const auto extensions = from_hex("002b 0002 0304");
  const auto body = from_hex("0303") + std::string(32, 's') + sized("", 1) + from_hex("130100") +
                    sized(extensions, 2);
  return from_hex("02") + sized(body, 3);
}
const std::string padding(600, '\0');

struct flow {
  quic::parser parser{true};
  void client(const std::string& bytes) { feed(parser, to_server, bytes); }
  void server(const std::string& bytes) { feed(parser, to_client, bytes); }
  std::size_t count() { return parser.transactions().size(); }
  const transaction& tx(std::size_t i = 0) {
    BOOST_REQUIRE(parser.transactions().size() > i);
    return *parser.transactions()[i];
  }
  std::string buffer(buffer_index id, std::size_t i = 0) {
    const auto bytes = tx(i).buffer(static_cast<buffer_id>(id), 0);
    return bytes ? std::string{as_text(*bytes)} : "(none)";
  }
  std::string event(std::size_t i = 0) {
    return tx(i).events().empty() ? "" : std::string{tx(i).events().front()};
  }
};

} // namespace

BOOST_AUTO_TEST_SUITE(quic_parser)

BOOST_AUTO_TEST_CASE(the_hellos_of_both_sides_are_opened) {
  flow f;
  f.client(initial(client_1, connection_id, "", 2, crypto(0, client_hello()) + padding));
  BOOST_REQUIRE(f.count() == 1U);
  BOOST_TEST(f.buffer(buffer_index::sni) == "example.org");
  BOOST_TEST(f.buffer(buffer_index::version_ts) == from_hex("00000001"));
  BOOST_TEST(f.buffer(buffer_index::ja3_string) == "771,4865-4866,0-16-43,,");
  BOOST_TEST(f.buffer(buffer_index::ja4_hash).substr(0, 10) == "q13d0203h3");
  BOOST_TEST(f.tx().concerns(to_server));
  BOOST_TEST(!f.tx().concerns(to_client));
  const auto members = members_of(f.tx());
  BOOST_TEST(
      members.find(R"("extensions":[{"name":"server_name","type":0,"values":["example.org"]})"
                   R"(,{"name":"alpn","type":16,"values":["h3"]})") != std::string::npos);
  BOOST_TEST(members.find(R"("version":"1")") != std::string::npos);
  f.server(
      initial(server_1, "", "abcd", 0,
              "\x02" + varint(2) + varint(0) + varint(0) + varint(0) + crypto(0, server_hello())));
  BOOST_REQUIRE(f.count() == 2U);
  BOOST_TEST(f.buffer(buffer_index::ja3s_string, 1) == "771,4865,43");
  BOOST_TEST(!f.tx(1).concerns(to_server));
}

BOOST_AUTO_TEST_CASE(version_2_has_its_own_keys_and_numbers) {
  flow f;
  f.client(initial(client_2, connection_id, "", 0, crypto(0, client_hello())));
  BOOST_TEST(f.buffer(buffer_index::sni) == "example.org");
  BOOST_TEST(f.buffer(buffer_index::version_ts) == from_hex("6b3343cf"));
}

BOOST_AUTO_TEST_CASE(a_hello_may_come_in_pieces_in_any_order_and_over_packets) {
  const auto hello = client_hello();
  flow f;
  f.client(initial(client_1, connection_id, "", 0,
                   crypto(30, hello.substr(30, 20)) + std::string(1, '\1') +
                       crypto(10, hello.substr(10, 25))));
  BOOST_TEST(f.count() == 0U);
  f.client(initial(client_1, connection_id, "", 1,
                   crypto(50, hello.substr(50)) + crypto(0, hello.substr(0, 12))));
  BOOST_REQUIRE(f.count() == 1U);
  BOOST_TEST(f.buffer(buffer_index::sni) == "example.org");
  // … and in one datagram
  flow g;
  g.client(initial(client_1, connection_id, "", 0, crypto(40, hello.substr(40))) +
           initial(client_1, connection_id, "", 1, crypto(0, hello.substr(0, 40))));
  BOOST_TEST(g.buffer(buffer_index::sni) == "example.org");
}

BOOST_AUTO_TEST_CASE(what_cannot_be_opened_still_has_its_version) {
  flow f;
  f.server(initial(server_1, "", "abcd", 0, crypto(0, server_hello())));
  BOOST_REQUIRE(f.count() == 1U);
  BOOST_TEST(f.event() == "failed_decrypt");
  BOOST_TEST(f.buffer(buffer_index::version_tc) == from_hex("00000001"));
  flow g;
  auto damaged = initial(client_1, connection_id, "", 0, crypto(0, client_hello()));
  damaged.back() = static_cast<char>(damaged.back() ^ 1);
  g.client(damaged);
  BOOST_TEST(g.event() == "failed_decrypt");
  flow h;
  h.client(initial(client_1, connection_id, "", 0, from_hex("30") + std::string(40, 'x')));
  BOOST_TEST(h.event() == "error_on_data");
  flow other; // a version nobody has keys for
  other.client(from_hex("c0 0a1a2a3a 04 01020304 00") + std::string(40, 'x'));
  BOOST_TEST(other.buffer(buffer_index::version_ts) == from_hex("0a1a2a3a"));
  BOOST_TEST(other.event().empty());
  flow big;
  big.client(initial(client_1, connection_id, "", 0, crypto(100'000, "far away")));
  BOOST_TEST(big.event() == "crypto_frag_too_long");
}

BOOST_AUTO_TEST_CASE(googles_hello_has_a_fingerprint_of_its_own) {
  const auto tag = [](const std::string& name, std::size_t end) {
    std::string text = name;
    text.resize(4, '\0');
    for (int i = 0; i < 4; ++i)
      text += static_cast<char>(end >> (8 * i) & 0xffU);
    return text;
  };
  const auto hello = "CHLO" + from_hex("03000000") + tag("PAD", 4) + tag("SNI", 15) +
                     tag("UAID", 21) + "----" + "example.org" + "Chrome";
  const auto frames = from_hex("a001") + sized(hello, 2);
  const auto hash = std::string(12, 'h');
  flow new_form;
  new_form.client(from_hex("c3") + "Q046" + from_hex("50") + connection_id + from_hex("00000001") +
                  hash + frames);
  flow old_form;
  old_form.client(from_hex("09") + connection_id + "Q043" + from_hex("01") + hash + frames);
  for (auto* f : {&new_form, &old_form}) {
    BOOST_TEST(f->buffer(buffer_index::sni) == "example.org");
    BOOST_TEST(f->buffer(buffer_index::ua) == "Chrome");
  }
  BOOST_TEST(new_form.buffer(buffer_index::version_ts) == "Q046");
  BOOST_TEST(new_form.buffer(buffer_index::cyu_string) == "46,PAD-SNI-UAID");
  BOOST_TEST(old_form.buffer(buffer_index::cyu_string) == "43,PAD-SNI-UAID");
  BOOST_TEST(new_form.buffer(buffer_index::cyu_hash).size() == 32U);
}

BOOST_AUTO_TEST_CASE(bytes_that_are_nothing_make_nothing) {
  for (const auto& bytes : {std::string{}, std::string("\xc0"), std::string(1200, '\xff'),
                            from_hex("c000000001ff"), std::string("\x40short header")}) {
    flow f;
    f.client(bytes);
    f.server(bytes);
    BOOST_TEST(f.count() <= 2U);
  }
  flow f;
  for (int i = 0; i < 100; ++i)
    f.client(initial(client_1, connection_id, "", 0, std::string(30, '\1')));
  BOOST_TEST(f.count() == 0U);
}

BOOST_AUTO_TEST_SUITE_END()
