#include "detect/proto/ike/parser.hpp"

#include "tests/support/parser_feed.hpp"

#include <boost/test/unit_test.hpp>

using namespace cresset;
using namespace cresset::detect::proto;
using namespace cresset::detect::proto::ike;
using namespace cresset::test;

namespace {

constexpr auto to_server = direction::to_server;
constexpr auto to_client = direction::to_client;

std::string be16(std::size_t value) {
  return {static_cast<char>(value >> 8), static_cast<char>(value)};
}
std::string be32(std::size_t value) {
  return be16(value >> 16) + be16(value & 0xffff);
}
/// One payload or substructure.
std::string structure(int next, const std::string& content) {
  return std::string{static_cast<char>(next), '\0'} + be16(content.size() + 4) + content;
}
std::string packet(int first, int version, int exchange, int flags, const std::string& payloads) {
  return from_hex("0102030405060708 1112131415161718") + static_cast<char>(first) +
         static_cast<char>(version << 4) + static_cast<char>(exchange) + static_cast<char>(flags) +
         be32(7) + be32(28 + payloads.size()) + payloads;
}
std::string transform_2(int next, int type, int id, const std::string& attributes = {}) {
  return structure(next, std::string{static_cast<char>(type), '\0'} +
                             be16(static_cast<std::size_t>(id)) + attributes);
}
std::string proposal(int next, int protocol, int count, const std::string& transforms) {
  return structure(next,
                   std::string{'\1', static_cast<char>(protocol), '\0', static_cast<char>(count)} +
                       transforms);
}
const std::string strong =
    transform_2(3, 1, 20, from_hex("800e 0100")) + transform_2(3, 2, 5) + transform_2(0, 4, 19);
const std::string weak = transform_2(3, 1, 3) + transform_2(3, 2, 2) + transform_2(3, 3, 2) +
                         transform_2(3, 4, 2) + transform_2(0, 5, 0);

/// Association, key exchange, nonce, notification, vendor.
std::string init(int flags, const std::string& transforms, int count) {
  return packet(33, 2, 34, flags,
                structure(34, proposal(0, 1, count, transforms)) +
                    structure(40, be16(19) + be16(0) + "public key") + structure(41, "nonce") +
                    structure(43, from_hex("00004004")) + structure(0, "vendor"));
}
std::string association_1(const std::string& attributes, int transforms = 1) {
  std::string all;
  for (int i = 0; i < transforms; ++i)
    all += structure(i + 1 < transforms ? 3 : 0, from_hex("01010000") + attributes);
  return be32(1) + be32(1) + proposal(0, 1, transforms, all);
}
const std::string attributes_1 =
    from_hex("80010007 800e0080 80020002 80030001 80040002 800b0001 000c0004 00015180");

struct flow {
  ike::parser parser;
  const message& tx(std::size_t i = 0) {
    BOOST_REQUIRE(parser.transactions().size() > i);
    return static_cast<const message&>(*parser.transactions()[i]);
  }
  std::string text(part wanted, std::size_t i = 0, std::size_t instance = 0) {
    const auto found =
        tx(i).buffer(static_cast<buffer_id>(2 * static_cast<unsigned>(wanted)), instance);
    return found ? std::string{as_text(*found)} : "(none)";
  }
  std::uint64_t value(std::size_t id, std::size_t i = 0) {
    return tx(i).field(static_cast<field_id>(id), 0).value_or(999);
  }
  std::uint64_t chosen(attribute_kind kind, std::size_t i = 0) {
    return value(2 * number_count + static_cast<std::size_t>(kind), i);
  }
  bool has(const std::string& wanted, std::size_t i = 0) {
    return members_of(tx(i)).find(wanted) != std::string::npos;
  }
  bool has_event(std::string_view event, std::size_t i = 0) {
    const auto all = tx(i).events();
    return std::find(all.begin(), all.end(), event) != all.end();
  }
};

} // namespace

BOOST_AUTO_TEST_SUITE(ike_parser)

BOOST_AUTO_TEST_CASE(a_message_of_version_2_shows_its_payloads) {
  flow f;
  BOOST_CHECK(feed(f.parser, to_server, init(8, strong, 3)) == parse_status::consumed);
  BOOST_TEST(f.text(part::init_spi) == "0102030405060708");
  BOOST_TEST(f.text(part::resp_spi) == "1112131415161718");
  BOOST_TEST(f.text(part::key_exchange_payload) == "public key");
  BOOST_TEST(f.text(part::nonce_payload) == "nonce");
  BOOST_TEST(f.text(part::vendor) == "76656e646f72");
  BOOST_TEST(f.value(0) == 34U);
  BOOST_TEST(f.value(2) == 10U);
  BOOST_TEST(f.value(4) == 5U);
  BOOST_TEST(f.chosen(attribute_kind::alg_enc) == 999U); // the client does not choose
  BOOST_TEST(f.tx().events().empty());
  BOOST_TEST(
      members_of(f.tx()) ==
      R"({"version_major":2,"version_minor":0,"init_spi":"0102030405060708","resp_spi":"1112131415161718","message_id":7,"exchange_type":34,"role":"initiator",)"
      R"("payload":["SecurityAssociation","KeyExchange","Nonce","Notify","VendorID","NoNextPayload"],"ikev2":{"errors":0,"notify":["NAT_DETECTION_SOURCE_IP"]}})");
}

BOOST_AUTO_TEST_CASE(the_server_chooses_and_weak_choices_are_named) {
  flow f;
  feed(f.parser, to_client, init(0x20, weak, 5));
  BOOST_TEST(f.chosen(attribute_kind::alg_enc) == 3U);
  BOOST_TEST(f.chosen(attribute_kind::alg_dh) == 2U);
  for (const auto event :
       {"weak_crypto_enc", "weak_crypto_prf", "weak_crypto_auth", "weak_crypto_dh"})
    BOOST_TEST(f.has_event(event));
  BOOST_TEST(!f.has_event("weak_crypto_noauth"));
  BOOST_TEST(f.has(
      R"("role":"responder","alg_enc":"ENCR_3DES","alg_prf":"PRF_HMAC_SHA1","alg_auth":"AUTH_HMAC_SHA1_96","alg_dh":"Modp1024","alg_esn":"NoESN")"));
}

BOOST_AUTO_TEST_CASE(what_a_proposal_lacks_is_named) {
  flow f;
  feed(f.parser, to_client, init(0x20, transform_2(0, 1, 12), 1));
  BOOST_TEST(f.has_event("weak_crypto_nodh"));
  BOOST_TEST(f.has_event("weak_crypto_noauth"));
  const auto association = [&](const std::string& proposals) {
    return packet(33, 2, 34, 0x20, structure(0, proposals));
  };
  feed(f.parser, to_client, association(proposal(0, 2, 1, transform_2(0, 3, 12))));
  BOOST_TEST(f.has_event("no_encryption", 1));
  feed(f.parser, to_client, association(proposal(0, 9, 1, transform_2(0, 9, 12))));
  BOOST_TEST(f.has_event("unknown_proposal", 2));
  feed(f.parser, to_client, association(proposal(0, 1, 5, strong)));
  BOOST_TEST(f.has_event("invalid_proposal", 3));
  feed(f.parser, to_client, association(proposal(2, 1, 3, strong) + proposal(0, 1, 3, strong)));
  BOOST_TEST(f.has_event("multiple_server_proposal", 4));
  feed(f.parser, to_server, association(proposal(2, 1, 3, strong) + proposal(0, 1, 3, strong)));
  BOOST_TEST(!f.has_event("multiple_server_proposal", 5));
  feed(f.parser, to_server, association("xx"));
  BOOST_TEST(f.has_event("invalid_proposal", 6));
}

BOOST_AUTO_TEST_CASE(version_1_shows_what_was_offered_and_chosen) {
  flow f;
  feed(f.parser, to_server,
       packet(1, 1, 2, 0, structure(13, association_1(attributes_1, 2)) + structure(0, "id")));
  BOOST_TEST(f.has(
      R"("payload":["SecurityAssociation","Proposal","Transform","VendorID"],"ikev1":{"doi":1,"encrypted_payloads":false,"client":{"proposals":[{"alg_enc":"EncAesCbc","alg_enc_raw":7,"sa_key_length":"Unknown","sa_key_length_raw":128,"alg_hash":"HashSha","alg_hash_raw":2,"alg_auth":"AuthPreSharedKey","alg_auth_raw":1,"alg_dh":"GroupAlternate1024BitModpGroup","alg_dh_raw":2,"sa_life_type":"LifeTypeSeconds","sa_life_type_raw":1,"sa_life_duration":"Unknown","sa_life_duration_raw":86400},)"));
  BOOST_TEST(f.has(R"("vendor_ids":["6964"])"));
  feed(f.parser, to_client, packet(1, 1, 2, 0, structure(0, association_1(attributes_1))));
  BOOST_TEST(f.chosen(attribute_kind::alg_hash, 1) == 2U);
  BOOST_TEST(f.chosen(attribute_kind::sa_life_duration, 1) == 86400U);
  BOOST_TEST(f.has(R"("alg_enc":"EncAesCbc","alg_enc_raw":7)", 1));
  BOOST_TEST(!f.has_event("multiple_server_proposal", 1));
  feed(f.parser, to_server, packet(4, 1, 2, 0, structure(10, "key") + structure(0, "once")));
  BOOST_TEST(f.text(part::key_exchange_payload, 2) == "key");
  BOOST_TEST(f.has(
      R"("client":{"key_exchange_payload":"6b6579","key_exchange_payload_length":3,"nonce_payload":"6f6e6365","nonce_payload_length":4)",
      2));
  feed(f.parser, to_client, packet(1, 1, 2, 0, structure(0, association_1(attributes_1, 3))));
  BOOST_TEST(f.has_event("multiple_server_proposal", 3));
}

BOOST_AUTO_TEST_CASE(what_is_encrypted_is_not_read) {
  flow f;
  feed(f.parser, to_server, packet(8, 1, 32, 1, "secret secret"));
  BOOST_TEST(f.tx().events().empty());
  BOOST_TEST(f.has(R"("encrypted_payloads":true)"));
  feed(f.parser, to_server, packet(46, 2, 35, 8, structure(35, "secret")));
  BOOST_TEST(f.has(R"("payload":["EncryptedAndAuthenticated"])", 1));
  BOOST_TEST(f.tx(1).events().empty());
}

BOOST_AUTO_TEST_CASE(behind_the_marker_of_port_4500_esp_is_passed_over) {
  flow f;
  feed(f.parser, to_server, std::string(4, '\0') + init(8, strong, 3));
  BOOST_TEST(f.text(part::nonce_payload) == "nonce");
  feed(f.parser, to_server, from_hex("c0ffee01 00000001") + std::string(60, 'x'));
  feed(f.parser, to_server, "\xff");
  BOOST_TEST(f.parser.transactions().size() == 1U);
}

BOOST_AUTO_TEST_CASE(what_is_damaged_is_named) {
  const auto whole = init(8, strong, 3);
  for (const std::string& bad :
       {whole.substr(0, 20), packet(33, 3, 34, 0, ""), whole.substr(0, whole.size() - 3),
        packet(40, 2, 34, 8, structure(40, "x") + "y"), packet(34, 2, 34, 8, structure(0, "k")),
        packet(41, 2, 34, 8, structure(0, "n")), packet(1, 1, 2, 0, from_hex("00000002"))}) {
    flow f;
    feed(f.parser, to_server, bad);
    BOOST_TEST(f.has_event("malformed_data"));
    members_of(f.tx());
  }
  flow longer;
  feed(longer.parser, to_server, whole + "more");
  BOOST_TEST(longer.has_event("payload_extra_data"));
  flow attribute;
  feed(attribute.parser, to_server,
       packet(1, 1, 2, 0, structure(0, association_1(from_hex("000c00ff")))));
  BOOST_TEST(attribute.has_event("invalid_proposal"));
}

BOOST_AUTO_TEST_CASE(payloads_and_vendors_are_bounded) {
  std::string many;
  for (std::size_t i = 0; i < message::limit_payloads + 10; ++i)
    many += structure(43, "v" + std::to_string(i));
  flow f;
  feed(f.parser, to_server, packet(43, 2, 34, 8, many));
  BOOST_TEST(f.has_event("malformed_data"));
  BOOST_TEST(f.tx().instances(4) == message::limit_payloads);
  std::string transforms;
  for (int i = 0; i < 255; ++i)
    transforms += transform_2(3, 1, 12);
  feed(f.parser, to_server,
       packet(33, 2, 34, 8,
              structure(0, proposal(2, 1, 255, transforms) + proposal(0, 1, 255, transforms))));
  BOOST_TEST(f.has_event("invalid_proposal", 1));
}

BOOST_AUTO_TEST_SUITE_END()
