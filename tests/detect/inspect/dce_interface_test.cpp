#include "detect/inspect/dce_interface.hpp"

#include "tests/support/parser_feed.hpp"

#include <boost/test/unit_test.hpp>

using namespace cresset;
using namespace cresset::detect::inspect;
using namespace cresset::detect::proto;
using cresset::detect::rule::options::number_list;

namespace {

/// A transaction with nothing but the given instances of one buffer.
class carrier final : public transaction {
public:
  explicit carrier(std::vector<std::string> all) : transaction{0}, all_{std::move(all)} {}
  std::size_t instances(buffer_id) const noexcept override { return all_.size(); }
  std::optional<byte_view> buffer(buffer_id, std::size_t i) const noexcept override {
    return as_bytes(all_[i]);
  }
  void write_members(json_writer&) const override {}

private:
  std::vector<std::string> all_;
};

constexpr auto uuid = "367abb8198443 5f1ad3298f038001003";
const std::vector<table_place> places{{app_protocol::smb, direction::to_server, 3}};

bool matches(const char* option, const carrier& tx) {
  const auto wanted =
      detect::rule::options::parse_dce_interface(detect::rule::text::text_cursor{option});
  BOOST_REQUIRE(wanted);
  return names_interface(*wanted, places, tx, app_protocol::smb, direction::to_server);
}

} // namespace

BOOST_AUTO_TEST_SUITE(dce_interface_condition)

BOOST_AUTO_TEST_CASE(any_of_the_interfaces_may_be_the_one) {
  const carrier tx{{test::from_hex("00000000000000000000000000000000 0001 0000 01"),
                    test::from_hex(std::string{uuid} + "0002 0000 01")}};
  BOOST_TEST(matches("367abb81-9844-35f1-ad32-98f038001003", tx));
  BOOST_TEST(!matches("367abb81-9844-35f1-ad32-98f038001004", tx));
}

BOOST_AUTO_TEST_CASE(the_version_is_the_major_one) {
  const carrier tx{{test::from_hex(std::string{uuid} + "0002 0001 01")}};
  BOOST_TEST(matches("367abb81-9844-35f1-ad32-98f038001003,=2", tx));
  BOOST_TEST(matches("367abb81-9844-35f1-ad32-98f038001003,>1", tx));
  BOOST_TEST(!matches("367abb81-9844-35f1-ad32-98f038001003,<2", tx));
}

BOOST_AUTO_TEST_CASE(without_a_first_fragment_only_any_frag_matches) {
  const carrier tx{{test::from_hex(std::string{uuid} + "0002 0001 00")}};
  BOOST_TEST(!matches("367abb81-9844-35f1-ad32-98f038001003", tx));
  BOOST_TEST(matches("367abb81-9844-35f1-ad32-98f038001003,any_frag", tx));
}

BOOST_AUTO_TEST_CASE(an_instance_of_another_size_is_none) {
  const carrier tx{{test::from_hex(uuid)}};
  BOOST_TEST(!matches("367abb81-9844-35f1-ad32-98f038001003,any_frag", tx));
}

BOOST_AUTO_TEST_CASE(a_list_holds_the_ends_of_its_ranges) {
  number_list list;
  list.ranges = {{1, 1}, {5, 9}};
  BOOST_TEST((is_listed(list, 1) && is_listed(list, 5) && is_listed(list, 9)));
  BOOST_TEST((!is_listed(list, 0) && !is_listed(list, 10)));
  list.negated = true;
  BOOST_TEST((!is_listed(list, 5) && is_listed(list, 10)));
}

BOOST_AUTO_TEST_SUITE_END()
