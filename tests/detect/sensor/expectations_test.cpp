#include "detect/sensor/expectations.hpp"

#include <boost/test/unit_test.hpp>

using namespace cresset;
using namespace cresset::detect;
using namespace cresset::detect::sensor;

namespace {

five_tuple tuple(const char* source, std::uint16_t source_port, const char* destination,
                 std::uint16_t destination_port) {
  five_tuple made;
  made.source = *ip_address::parse(source);
  made.destination = *ip_address::parse(destination);
  made.source_port = source_port;
  made.destination_port = destination_port;
  made.protocol = ip_protocol::tcp;
  return made;
}

timestamp at(int second) {
  return timestamp{std::chrono::seconds{second}};
}

const auto control = tuple("192.0.2.1", 1000, "198.51.100.1", 21);

proto::announcement of(proto::direction listener, std::uint16_t port) {
  return {proto::app_protocol::ftp_data, listener, port, nullptr};
}

} // namespace

BOOST_AUTO_TEST_SUITE(announced_connections)

BOOST_AUTO_TEST_CASE(a_connection_to_the_announced_place_is_found_once) {
  expectations table;
  table.add(of(proto::direction::to_server, 4000), control, at(0));
  const auto data = tuple("192.0.2.1", 1001, "198.51.100.1", 4000);
  BOOST_TEST(!table.take(data.reversed(), at(1)).has_value());
  BOOST_TEST(!table.take(tuple("192.0.2.2", 1001, "198.51.100.1", 4000), at(1)).has_value());
  BOOST_TEST(table.take(data, at(1)).has_value());
  BOOST_TEST(!table.take(data, at(1)).has_value());
}

BOOST_AUTO_TEST_CASE(the_client_may_be_the_one_who_listens) {
  expectations table;
  table.add(of(proto::direction::to_client, 5000), control, at(0));
  BOOST_TEST(table.take(tuple("198.51.100.1", 20, "192.0.2.1", 5000), at(1)).has_value());
}

BOOST_AUTO_TEST_CASE(what_does_not_come_in_time_is_forgotten) {
  expectations table;
  table.add(of(proto::direction::to_server, 4000), control, at(0));
  BOOST_TEST(!table.take(tuple("192.0.2.1", 1, "198.51.100.1", 4000), at(60)).has_value());
  table.add(of(proto::direction::to_server, 4001), control, at(100));
  BOOST_TEST(table.refused() == 0U);
}

BOOST_AUTO_TEST_CASE(over_the_limit_the_oldest_gives_way) {
  expectations table;
  for (std::size_t i = 0; i <= expectations::limit; ++i)
    table.add(of(proto::direction::to_server, static_cast<std::uint16_t>(1000 + i)), control,
              at(0));
  BOOST_TEST(table.refused() == 1U);
  BOOST_TEST(!table.take(tuple("192.0.2.1", 1, "198.51.100.1", 1000), at(1)).has_value());
  BOOST_TEST(table.take(tuple("192.0.2.1", 1, "198.51.100.1", 1001), at(1)).has_value());
}

BOOST_AUTO_TEST_SUITE_END()
