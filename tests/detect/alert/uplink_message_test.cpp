#include "detect/alert/uplink_message.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(uplink_messages)

using namespace cresset;
using namespace cresset::detect::alert;

constexpr std::uint64_t session = 0x0102030405060708;

template <typename Body>
Body from_server(const std::vector<std::byte>& bytes) {
  const auto message = read_server_message(bytes);
  BOOST_REQUIRE(message);
  BOOST_TEST(message->session == session);
  return std::get<Body>(message->body);
}

hello_message example_hello() {
  hello_message hello{.first = 5, .next = 9, .software = "cresset-sensor 0.1"};
  hello.epoch.bytes[2] = std::byte{7};
  return hello;
}

BOOST_AUTO_TEST_CASE(hello_comes_back) {
  const auto message = read_sensor_message(write_message(session, example_hello()));
  BOOST_REQUIRE(message);
  const auto hello = std::get<hello_message>(message->body);
  BOOST_TEST(hello.version == uplink_version);
  BOOST_TEST((hello.epoch == example_hello().epoch));
  BOOST_TEST(hello.first == 5);
  BOOST_TEST(hello.next == 9);
  BOOST_TEST(hello.software == "cresset-sensor 0.1");
}

BOOST_AUTO_TEST_CASE(a_batch_numbers_its_entries_itself) {
  batch_writer batch{session, 3, 10};
  batch.add_record(as_bytes("ten"));
  batch.add_dropped(drop_reason::spool_full, 19);
  batch.add_record(as_bytes("twenty"));
  BOOST_TEST(batch.next() == 21);
  const auto bytes = std::move(batch).finish();
  const auto message = read_sensor_message(bytes);
  BOOST_REQUIRE(message);
  const auto& read = std::get<batch_message>(message->body);
  BOOST_TEST(read.round == 3);
  BOOST_TEST(read.first == 10);
  BOOST_TEST(read.last == 20);
  BOOST_REQUIRE(read.entries.size() == 3);
  BOOST_TEST(as_text(read.entries[0].record) == "ten");
  BOOST_TEST(read.entries[1].first == 11);
  BOOST_TEST(read.entries[1].last == 19);
  BOOST_TEST((read.entries[1].dropped == drop_reason::spool_full));
  BOOST_TEST(as_text(read.entries[2].record) == "twenty");
  BOOST_TEST(read.entries[2].first == 20);
}

BOOST_AUTO_TEST_CASE(answers_come_back) {
  const auto welcome = from_server<welcome_message>(
      write_message(session, welcome_message{.resume_from = 77, .window_batches = 4}));
  BOOST_TEST(welcome.resume_from == 77);
  BOOST_TEST(welcome.window_batches == 4);
  BOOST_TEST(from_server<ack_message>(write_message(session, ack_message{1ULL << 40})).through ==
             1ULL << 40);
  const auto resume = from_server<resume_message>(write_message(session, resume_message{2, 99}));
  BOOST_TEST(resume.round == 2);
  BOOST_TEST(resume.from == 99);
  const auto busy = from_server<busy_message>(write_message(session, busy_message{3, 100, 250}));
  BOOST_TEST(busy.from == 100);
  BOOST_TEST(busy.retry_ms == 250);
  const auto bye =
      from_server<bye_message>(write_message(session, bye_message{bye_reason::superseded, "why"}));
  BOOST_TEST((bye.reason == bye_reason::superseded));
  BOOST_TEST(bye.text == "why");
  from_server<server_heartbeat>(write_message(session, server_heartbeat{}));
}

BOOST_AUTO_TEST_CASE(an_unknown_kind_and_bytes_behind_a_body_are_passed_over) {
  auto bytes = write_message(session, ack_message{5});
  bytes.push_back(std::byte{1});
  BOOST_TEST(from_server<ack_message>(bytes).through == 5);
  bytes[4] = std::byte{40};
  BOOST_TEST(from_server<unknown_message>(bytes).kind == 40);
}

BOOST_AUTO_TEST_CASE(every_truncation_is_refused) {
  batch_writer batch{session, 3, 10};
  batch.add_record(as_bytes("ten"));
  batch.add_dropped(drop_reason::spool_full, 19);
  const auto whole = std::move(batch).finish();
  for (std::size_t size = 0; size < whole.size(); ++size)
    BOOST_TEST(!read_sensor_message(byte_view{whole}.first(size)), size);
  // Without the clock as a whole they are what older sensors send.
  for (const auto& bytes :
       {write_message(session, example_hello()), write_message(session, sensor_heartbeat{5})})
    for (std::size_t size = 0; size < bytes.size(); ++size)
      BOOST_TEST(read_sensor_message(byte_view{bytes}.first(size)).has_value() ==
                     (size == bytes.size() - sizeof(std::uint64_t)),
                 size);
}

BOOST_AUTO_TEST_CASE(numbers_that_make_no_sense_are_refused) {
  auto hello = example_hello();
  hello.first = 10;
  BOOST_TEST(!read_sensor_message(write_message(session, hello)));
  hello = example_hello();
  hello.epoch = {};
  BOOST_TEST(!read_sensor_message(write_message(session, hello)));
  BOOST_TEST(!read_sensor_message(batch_writer{session, 0, 1}.finish())); // no entry
  batch_writer zero{session, 0, 0};
  zero.add_record(as_bytes("x"));
  BOOST_TEST(!read_sensor_message(std::move(zero).finish()));
  batch_writer endless{session, 0, 1};
  endless.add_dropped(drop_reason::spool_full, ~std::uint64_t{0});
  BOOST_TEST(!read_sensor_message(std::move(endless).finish()));
  BOOST_TEST(!read_server_message(write_message(session, welcome_message{.resume_from = 0})));
  BOOST_TEST(!read_server_message(write_message(session, welcome_message{.heartbeat_ms = 0})));
}

BOOST_AUTO_TEST_CASE(a_count_that_is_not_true_is_refused) {
  batch_writer batch{session, 3, 10};
  batch.add_record(as_bytes("ten"));
  auto bytes = std::move(batch).finish();
  bytes[26] = std::byte{2};
  BOOST_TEST(!read_sensor_message(bytes));
}

BOOST_AUTO_TEST_CASE(another_magic_is_refused) {
  auto bytes = write_message(session, sensor_heartbeat{5});
  bytes[3] = std::byte{'2'};
  BOOST_TEST(!read_sensor_message(bytes));
}

BOOST_AUTO_TEST_SUITE_END()
