#include "detect/proto/nfs/parser.hpp"

#include "tests/detect/proto/nfs/messages.hpp"
#include "tests/support/parser_feed.hpp"

#include <boost/test/unit_test.hpp>

using namespace cresset;
using namespace cresset::detect::proto;
using namespace cresset::test::nfs;
using test::feed;

namespace {

constexpr auto ts = direction::to_server;
constexpr auto tc = direction::to_client;
constexpr std::size_t attributes3 = 84;

/// A client and a server whose messages fit into one record each.
struct talk {
  nfs::parser parser{transport::tcp};

  void client(std::string_view message) { feed(parser, ts, record(message)); }
  void server(std::string_view message) { feed(parser, tc, record(message)); }
  const nfs::exchange& tx(std::size_t i) {
    return static_cast<const nfs::exchange&>(*parser.transactions()[i]);
  }
  std::size_t count() { return parser.transactions().size(); }
  std::string file(std::size_t i, direction way) {
    const auto one = tx(i).file(way, 0);
    return std::string{one.name} + ":" + std::string{as_text(one.content.bytes)};
  }
  bool says(std::size_t i, std::string_view text) {
    const auto all = test::members_of(tx(i));
    const bool has = all.find(text) != std::string::npos;
    BOOST_TEST_CONTEXT(all) {
      BOOST_TEST(has);
    }
    return has;
  }
};

std::string lookup3(std::string_view directory, std::string_view name) {
  return opaque(directory) + opaque(name);
}
std::string read3_reply(std::string_view content, bool is_end) {
  return u32(0) + u32(0) + u32(content.size()) + u32(is_end) + opaque(content);
}
std::string write3(std::string_view handle, std::uint64_t offset, std::string_view content) {
  return opaque(handle) + u64(offset) + u32(content.size()) + u32(0) + opaque(content);
}

} // namespace

BOOST_AUTO_TEST_SUITE(nfs_version_2)

BOOST_AUTO_TEST_CASE(a_rename_tells_both_names) {
  nfs::parser parser{transport::udp};
  feed(parser, ts, call(9, 2, 11, handle2('d') + opaque("a") + handle2('d') + opaque("bb")));
  feed(parser, tc, reply(9, u32(0)));
  BOOST_REQUIRE(parser.transactions().size() == 1U);
  BOOST_TEST(test::members_of(*parser.transactions()[0]) ==
             R"({"version":2,"procedure":"RENAME","filename":"a","hhash":"8614f2d3","id":1,)"
             R"("file_tx":false,"type":"response","status":"OK","rename":{"from":"a","to":"bb"},)"
             R"("rpc":{"xid":9,"status":"ACCEPTED","auth_type":"UNIX",)"
             R"("creds":{"machine_name":"host","uid":1000,"gid":100}}})");
  BOOST_TEST(parser.transactions()[0]->is_done());
}

BOOST_AUTO_TEST_CASE(a_file_read_ends_at_the_size_its_attributes_tell) {
  talk t;
  const auto attributes = zeros(20) + u32(6) + zeros(44);
  t.client(call(1, 2, 4, handle2('d') + opaque("f.txt")));
  t.server(reply(1, u32(0) + handle2('f') + attributes));
  t.client(call(2, 2, 6, handle2('f') + u32(0) + u32(4) + u32(0)));
  t.server(reply(2, u32(0) + attributes + opaque("abcd")));
  BOOST_TEST(!t.tx(1).is_done());
  t.client(call(3, 2, 6, handle2('f') + u32(4) + u32(4) + u32(0)));
  t.server(reply(3, u32(0) + attributes + opaque("ef")));
  BOOST_TEST(t.file(1, tc) == "f.txt:abcdef");
  BOOST_TEST(t.tx(1).is_done());
  t.says(1, R"("procedure":"READ","filename":"f.txt")");
  t.says(1, R"("file_tx":true,"type":"response","status":"OK",)"
            R"("read":{"first":true,"last":true,"last_xid":3,"chunks":2})");
}

BOOST_AUTO_TEST_CASE(what_is_written_is_a_file_that_ends_with_the_flow) {
  talk t;
  t.client(call(1, 2, 8, handle2('f') + u32(0) + u32(0) + u32(3) + opaque("abc")));
  t.server(reply(1, u32(28)));
  t.says(0, R"("procedure":"WRITE")");
  t.says(0, R"("status":"ERR_NOSPC","write":{"first":true,"last":false,"last_xid":1,"chunks":1})");
  BOOST_TEST(!t.tx(0).is_done());
  t.parser.end(ts);
  BOOST_TEST(t.file(0, ts) == ":abc");
  BOOST_TEST(t.tx(0).file(ts, 0).content.complete);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(nfs_version_3)

BOOST_AUTO_TEST_CASE(names_come_from_lookup_create_and_lists) {
  talk t;
  t.client(call(1, 3, 3, lookup3("dir", "looked")));
  t.server(reply(1, u32(0) + opaque("h1") + u32(0) + u32(0)));
  t.client(call(2, 3, 8, lookup3("dir", "made") + u32(0)));
  t.server(reply(2, u32(0) + u32(1) + opaque("h2") + u32(0)));
  t.client(call(3, 3, 17, opaque("dir")));
  t.server(reply(3, u32(0) + u32(1) + zeros(attributes3) + zeros(8) + u32(1) + u64(5) +
                        opaque("listed") + u64(1) + u32(1) + zeros(attributes3) + u32(1) +
                        opaque("h3") + u32(0) + u32(1)));
  for (const auto* handle : {"h1", "h2", "h3"})
    t.client(call(10 + t.count(), 3, 1, opaque(handle)));
  t.says(3, R"("procedure":"GETATTR","filename":"looked")");
  t.says(3, R"("type":"request")");
  t.says(4, R"("filename":"made")");
  t.says(5, R"("filename":"listed")");
}

BOOST_AUTO_TEST_CASE(a_read_with_chunks_out_of_order_is_one_file) {
  talk t;
  t.client(call(1, 3, 6, opaque("h") + u64(0) + u32(4)));
  t.client(call(2, 3, 6, opaque("h") + u64(4) + u32(4)));
  t.server(reply(2, read3_reply("efg", true)));
  BOOST_TEST(!t.tx(0).is_done());
  t.server(reply(1, read3_reply("abcd", false)));
  BOOST_REQUIRE(t.count() == 1U);
  BOOST_TEST(t.file(0, tc) == ":abcdefg");
  BOOST_TEST(t.tx(0).is_done());
  BOOST_TEST(!t.tx(0).file(tc, 0).truncated);
}

BOOST_AUTO_TEST_CASE(a_commit_ends_what_was_written) {
  talk t;
  t.client(call(1, 3, 7, write3("h", 0, "abc")));
  t.client(call(2, 3, 7, write3("h", 3, "def")));
  t.server(reply(1, u32(0) + u32(0) + u32(0) + u32(3) + u32(2) + zeros(8)));
  t.client(call(3, 3, 21, opaque("h") + u64(0) + u32(6)));
  BOOST_TEST(!t.tx(0).is_done());
  t.server(reply(3, u32(0) + u32(0) + u32(0) + zeros(8)));
  BOOST_TEST(t.file(0, ts) == ":abcdef");
  BOOST_TEST(t.tx(0).is_done());
  BOOST_TEST(t.tx(0).files(tc) == 0U);
  t.says(1, R"("procedure":"COMMIT")");
}

BOOST_AUTO_TEST_CASE(a_failed_read_ends_its_file) {
  talk t;
  t.client(call(1, 3, 6, opaque("h") + u64(0) + u32(4)));
  t.server(reply(1, u32(70) + u32(0)));
  t.says(0, R"("status":"ERR_STALE")");
  BOOST_TEST(t.tx(0).is_done());
}

BOOST_AUTO_TEST_CASE(a_call_sent_again_is_the_same_call) {
  talk t;
  for (int i = 0; i < 2; ++i)
    t.client(call(1, 3, 1, opaque("h")));
  t.server(reply(1, u32(99999)));
  BOOST_TEST(t.count() == 1U);
  t.says(0, R"("status":"UNKNOWN_99999")");
}

BOOST_AUTO_TEST_CASE(a_denied_call_is_told) {
  talk t;
  t.client(call(1, 3, 1, opaque("h")));
  t.server(u32(1) + u32(1) + u32(1) + u32(1) + u32(5));
  t.says(0, R"("rpc":{"xid":1,"status":"DENIED")");
  BOOST_TEST(t.tx(0).is_done());
}

BOOST_AUTO_TEST_CASE(any_cut_of_the_bytes_gives_the_same_transactions) {
  const test::conversation all{
      test::client(record(call(1, 3, 3, lookup3("dir", "f")))),
      test::server(record(reply(1, u32(0) + opaque("h1") + u32(0) + u32(0)))),
      test::client(record(call(2, 3, 6, opaque("h1") + u64(0) + u32(4)))),
      test::server(record(reply(2, read3_reply("abc", true)))),
      test::client(record(call(3, 3, 7, write3("h1", 0, "xyz")))),
  };
  const auto seen = test::summaries_of_all_splits(
      [] { return std::make_unique<nfs::parser>(transport::tcp); }, nfs::description, all);
  for (const auto& one : seen)
    BOOST_TEST(one == seen.front());
  BOOST_TEST(seen.front().find("nfs_procedure=7") != std::string::npos);
  BOOST_TEST(seen.front().find("nfs.version=3") != std::string::npos);
  BOOST_TEST(seen.front().find("file.name=f\n") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_gap_in_a_chunk_is_a_hole_in_its_file) {
  talk t;
  const auto bytes = record(call(1, 3, 7, write3("h", 0, "abcdefgh")));
  feed(t.parser, ts, std::string_view{bytes}.substr(0, bytes.size() - 6));
  t.parser.gap(ts, 4);
  feed(t.parser, ts, std::string_view{bytes}.substr(bytes.size() - 2));
  t.client(call(2, 3, 7, write3("h", 8, "ij")));
  t.parser.end(ts);
  const auto file = t.tx(0).file(ts, 0);
  BOOST_TEST(file.content.total == 10U);
  BOOST_TEST(file.content.has_gap);
  BOOST_TEST(file.truncated);
  BOOST_TEST(t.tx(0).events().empty());
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(nfs_version_4)

BOOST_AUTO_TEST_CASE(a_compound_is_what_its_client_wants_of_it) {
  talk t;
  const auto sequence = u32(53) + zeros(16 + 16);
  const auto open = u32(18) + u32(0) + u32(1) + u32(0) + u64(1) + opaque("owner") + u32(0) +
                    u32(0) + opaque("f.txt");
  const auto bitmap = u32(2) + u32(1) + u32(2);
  t.client(call(
      1, 4, 1, compound(5, sequence + u32(22) + opaque("dir") + open + u32(10) + u32(9) + bitmap)));
  const auto opened = u32(18) + u32(0) + zeros(16 + 20 + 4) + bitmap + u32(0);
  t.server(reply(1, compound_reply(0, 5,
                                   u32(53) + u32(0) + zeros(36) + u32(22) + u32(0) + opened +
                                       u32(10) + u32(0) + opaque("h") + u32(9) + u32(0) + bitmap +
                                       opaque("attributes"))));
  t.says(0, R"("version":4,"procedure":"OPEN","filename":"f.txt")");
  t.says(0, R"("status":"OK")");
  const auto procedure = static_cast<field_id>(nfs::field_index::procedure_ts);
  BOOST_TEST(t.tx(0).field_instances(procedure) == 5U);
  BOOST_TEST(t.tx(0).field(procedure, 2).value() == 18U);
  t.client(call(
      2, 4, 1,
      compound(3, sequence + u32(22) + opaque("h") + u32(25) + zeros(16) + u64(0) + u32(100))));
  t.server(reply(2, compound_reply(0, 3,
                                   u32(53) + u32(0) + zeros(36) + u32(22) + u32(0) + u32(25) +
                                       u32(0) + u32(1) + opaque("hello"))));
  BOOST_TEST(t.file(1, tc) == "f.txt:hello");
  BOOST_TEST(t.tx(1).is_done());
}

BOOST_AUTO_TEST_CASE(a_close_ends_what_was_written) {
  talk t;
  t.client(call(
      1, 4, 1,
      compound(2, u32(22) + opaque("h") + u32(38) + zeros(16) + u64(0) + u32(2) + opaque("abc"))));
  t.server(reply(1, compound_reply(0, 2, u32(22) + u32(0) + u32(38) + u32(0) + zeros(16))));
  BOOST_TEST(t.file(0, ts) == ":abc");
  BOOST_TEST(!t.tx(0).is_done());
  t.client(call(2, 4, 1, compound(2, u32(22) + opaque("h") + u32(4) + u32(0) + zeros(16))));
  t.server(reply(2, compound_reply(0, 2, u32(22) + u32(0) + u32(4) + u32(0) + zeros(16))));
  BOOST_TEST(t.tx(0).is_done());
  t.says(1, R"("procedure":"CLOSE")");
}

BOOST_AUTO_TEST_CASE(two_names_of_a_rename_and_the_failure_of_its_compound) {
  talk t;
  t.client(call(1, 4, 1,
                compound(4, u32(22) + opaque("a") + u32(32) + u32(22) + opaque("b") + u32(29) +
                                opaque("old") + opaque("new"))));
  t.server(reply(1, compound_reply(10001, 1, u32(22) + u32(10001))));
  t.says(0, R"("procedure":"RENAME","filename":"old")");
  t.says(0, R"("status":"ERR_BADHANDLE","rename":{"from":"old","to":"new"})");
}

BOOST_AUTO_TEST_CASE(an_operation_without_a_table_ends_its_compound) {
  talk t;
  t.client(call(1, 4, 1, compound(2, u32(42) + "whatever follows")));
  t.server(reply(1, compound_reply(0, 1, u32(42) + u32(0) + "more")));
  t.says(0, R"("procedure":"EXCHANGE_ID")");
  BOOST_TEST(t.tx(0).is_done());
  BOOST_TEST(t.tx(0).events().empty());
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(nfs_refusals)

BOOST_AUTO_TEST_CASE(arguments_that_end_too_early_are_an_event) {
  talk t;
  t.client(call(1, 3, 3, opaque("dir") + u32(1000) + "name"));
  BOOST_REQUIRE(t.count() == 1U);
  BOOST_TEST(t.tx(0).events()[0] == "malformed_data");
  BOOST_TEST(!t.tx(0).is_logged());
  t.client(call(2, 3, 1, opaque("h")));
  t.server(reply(2, ""));
  BOOST_TEST(t.tx(2).events()[0] == "malformed_data");
  t.client(call(3, 4, 1, compound(1, u32(22) + u32(5000))));
  BOOST_TEST(t.tx(3).events()[0] == "malformed_data");
  t.client(call(4, 3, 22, ""));
  BOOST_TEST(t.tx(4).events()[0] == "malformed_data");
}

BOOST_AUTO_TEST_CASE(other_programs_versions_and_unasked_replies_are_passed_over) {
  talk t;
  t.client(call(1, 3, 0, "", 100227));
  t.client(call(2, 5, 0, ""));
  t.server(reply(3, u32(0)));
  BOOST_CHECK(feed(t.parser, ts, record("no rpc at all")) == parse_status::resynchronised);
  BOOST_TEST(t.count() == 0U);
}

BOOST_AUTO_TEST_CASE(signed_arguments_are_read_and_encrypted_ones_are_not) {
  const auto gss = [](std::uint32_t xid, std::uint32_t service, std::string_view arguments) {
    return u32(xid) + u32(0) + u32(2) + u32(100003) + u32(3) + u32(1) + u32(6) +
           opaque(u32(1) + u32(0) + u32(1) + u32(service) + opaque("context")) + u32(6) +
           opaque("checksum") + std::string{arguments};
  };
  talk t;
  t.client(gss(1, 2, opaque(u32(1) + opaque("h")) + opaque("checksum")));
  t.says(0, R"("procedure":"GETATTR")");
  t.says(0, R"("hhash")");
  t.says(0, R"("auth_type":"GSSAPI"})");
  t.client(gss(2, 3, opaque("secret")));
  t.says(1, R"("procedure":"GETATTR","filename":"","id":2)");
  t.server(reply(2, opaque("secret")));
  BOOST_TEST(t.tx(1).is_done());
  BOOST_TEST(t.tx(1).events().empty());
}

BOOST_AUTO_TEST_CASE(the_oldest_call_is_given_up_when_there_are_too_many) {
  nfs::parser parser{transport::tcp, {.limit_live = 2}};
  for (std::uint32_t xid = 1; xid <= 6; ++xid)
    feed(parser, ts, record(call(xid, 3, 1, opaque("h"))));
  BOOST_TEST(parser.transactions().size() == 4U);
  BOOST_TEST(parser.transactions()[0]->events()[0] == "too_many_transactions");
  BOOST_TEST(parser.transactions()[0]->is_done());
  BOOST_TEST(parser.transactions()[1]->events().empty());
  parser.release(0);
  BOOST_TEST(parser.transactions().size() == 3U);
}

BOOST_AUTO_TEST_SUITE_END()
