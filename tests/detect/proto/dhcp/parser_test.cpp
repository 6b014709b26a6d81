#include "detect/proto/dhcp/parser.hpp"

#include "tests/support/parser_feed.hpp"

#include <boost/test/unit_test.hpp>

using namespace cresset;
using namespace cresset::detect::proto;
using namespace cresset::detect::proto::dhcp;
using namespace cresset::test;

namespace {

constexpr auto to_server = direction::to_server;
constexpr auto to_client = direction::to_client;

std::string packet(int op, const std::string& options, int hardware_size = 6) {
  std::string made{static_cast<char>(op), '\1', static_cast<char>(hardware_size), '\0'};
  made += from_hex("00000102 0000 0000 0a000001 0a000002 0a000003 0a000004 aabbccddeeff");
  made.resize(236, '\0');
  return made + from_hex("63825363") + options;
}
const std::string lease =
    from_hex("350105 3304 00000e10 3a04 00000708 3b04 00000c4e 3d07 01 aabbccddeeff");
const std::string more = from_hex("0104 ffffff00 0308 0a000001 0a0000fe 0604 0a000005 0c02 7063 "
                                  "3204 0a000009 3c02 7667 3703 0103f0");

struct flow {
  explicit flow(bool extended = false) : parser{dhcp::settings{.extended = extended}} {}
  dhcp::parser parser;
  const message& tx(std::size_t i = 0) {
    BOOST_REQUIRE(parser.transactions().size() > i);
    return static_cast<const message&>(*parser.transactions()[i]);
  }
  std::uint64_t value(field_index id) {
    return tx().field(static_cast<field_id>(id), 0).value_or(999);
  }
  bool has_event(std::string_view event) {
    const auto all = tx().events();
    return std::find(all.begin(), all.end(), event) != all.end();
  }
};

} // namespace

BOOST_AUTO_TEST_SUITE(dhcp_parser)

BOOST_AUTO_TEST_CASE(a_lease_shows_its_times_and_is_logged) {
  flow f;
  BOOST_CHECK(feed(f.parser, to_client, packet(2, lease + "\xff")) == parse_status::consumed);
  BOOST_TEST(f.value(field_index::leasetime_tc) == 3600U);
  BOOST_TEST(f.value(field_index::renewal_time_tc) == 1800U);
  BOOST_TEST(f.value(field_index::rebinding_time_tc) == 3150U);
  BOOST_TEST(f.tx().events().empty());
  BOOST_TEST(f.tx().is_logged());
  BOOST_TEST(
      members_of(f.tx()) ==
      R"({"type":"reply","id":258,"client_mac":"aa:bb:cc:dd:ee:ff","assigned_ip":"10.0.0.2","dhcp_type":"ack","lease_time":3600,"renewal_time":1800,"rebinding_time":3150,"client_id":"aa:bb:cc:dd:ee:ff"})");
}

BOOST_AUTO_TEST_CASE(other_messages_are_logged_only_when_all_are_wanted) {
  const auto discover = packet(1, from_hex("350101") + more + "\xff");
  flow brief;
  feed(brief.parser, to_server, discover);
  BOOST_TEST(!brief.tx().is_logged());
  BOOST_TEST(brief.value(field_index::leasetime_ts) == 999U);
  flow all{true};
  feed(all.parser, to_server, discover);
  BOOST_TEST(all.tx().is_logged());
  BOOST_TEST(
      members_of(all.tx()) ==
      R"({"type":"request","id":258,"client_mac":"aa:bb:cc:dd:ee:ff","assigned_ip":"10.0.0.2","client_ip":"10.0.0.1","relay_ip":"10.0.0.4","next_server_ip":"10.0.0.3","dhcp_type":"discover","subnet_mask":"255.255.255.0","routers":["10.0.0.1","10.0.0.254"],"dns_servers":["10.0.0.5"],"hostname":"pc","requested_ip":"10.0.0.9","vendor_class_identifier":"vg","params":["subnet_mask","router","240"]})");
}

BOOST_AUTO_TEST_CASE(options_that_end_too_early_are_named) {
  for (const std::string& bad :
       {std::string{}, from_hex("3501"), from_hex("35"), from_hex("3304 0000"), lease}) {
    flow f;
    feed(f.parser, to_server, packet(1, bad));
    BOOST_TEST(f.has_event("truncated_options"));
  }
}

BOOST_AUTO_TEST_CASE(options_of_a_wrong_size_are_named) {
  for (const auto bad :
       {"350201 01", "3302 0000", "0103 000000", "0300", "0605 0000000000", "3d01 01"}) {
    flow f{true};
    feed(f.parser, to_server, packet(1, from_hex(bad) + "\xff"));
    BOOST_TEST(f.has_event("malformed_options"));
    members_of(f.tx());
  }
}

BOOST_AUTO_TEST_CASE(what_is_no_message_is_named_and_not_logged) {
  for (const std::string& bad : {std::string{"short"}, packet(1, "", 200), std::string(300, 'x')}) {
    flow f{true};
    BOOST_CHECK(feed(f.parser, to_server, bad) == parse_status::resynchronised);
    BOOST_TEST(f.has_event("malformed_options"));
    BOOST_TEST(!f.tx().is_logged());
    members_of(f.tx());
  }
}

BOOST_AUTO_TEST_CASE(options_and_transactions_are_bounded) {
  std::string many;
  for (std::size_t i = 0; i < message::limit_options + 4; ++i)
    many += from_hex("3c00");
  flow f;
  feed(f.parser, to_server, packet(1, many + "\xff"));
  BOOST_TEST(f.has_event("malformed_options"));
  for (std::size_t i = 0; i < 2 * dhcp::parser::transaction_limit; ++i)
    feed(f.parser, to_server, packet(1, "\xff"));
  BOOST_TEST(f.parser.transactions().size() == dhcp::parser::transaction_limit);
}

BOOST_AUTO_TEST_SUITE_END()
