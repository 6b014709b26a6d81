#include "detect/proto/smb/parser.hpp"

#include "tests/detect/proto/smb/messages.hpp"

#include <boost/test/unit_test.hpp>

using namespace cresset;
using namespace cresset::detect::proto;
using namespace cresset::detect::proto::smb;
using namespace cresset::test::smb;
using cresset::test::feed;
using cresset::test::from_hex;
using cresset::test::members_of;

namespace {

constexpr auto to_server = direction::to_server;
constexpr auto to_client = direction::to_client;

struct flow {
  explicit flow(const settings& wanted = {}) : parser{wanted} {}
  smb::parser parser;
  void client(const std::string& bytes) { feed(parser, to_server, bytes); }
  void server(const std::string& bytes) { feed(parser, to_client, bytes); }
  std::size_t count() { return parser.transactions().size(); }
  const exchange& tx(std::size_t i) {
    BOOST_REQUIRE(parser.transactions().size() > i);
    return static_cast<const exchange&>(*parser.transactions()[i]);
  }
  std::string buffer(std::size_t i, buffer_index id) {
    const auto bytes = tx(i).buffer(static_cast<buffer_id>(id), 0);
    return bytes ? std::string{as_text(*bytes)} : "(none)";
  }
  bool says(std::size_t i, std::string_view json) {
    return members_of(tx(i)).find(json) != std::string::npos;
  }
  bool has_event(std::string_view event) {
    for (const auto* one : parser.transactions())
      for (const auto name : one->events())
        if (name == event)
          return true;
    return false;
  }
  std::string file(std::size_t i, direction way) {
    const auto one = tx(i).file(way, 0);
    return std::string{one.name} + ":" + std::string{as_text(one.content.bytes)};
  }
  void connect(const std::string& share, int type) {
    client(smb2{3, 90, tree_request(share), false, 0, 0, 0});
    server(smb2{3, 90, tree_response(type), true});
  }
  void open(const std::string& name, char id) {
    client(smb2{5, 91, create_request(name)});
    server(smb2{5, 91, create_response(id), true});
  }
};

std::string rpc(int type, std::uint32_t call, const std::string& body, int flags = 3) {
  return std::string{5, 0} + static_cast<char>(type) + static_cast<char>(flags) +
         from_hex("10000000") + le(16 + body.size(), 2) + le(0, 2) + le(call, 4) + body;
}
std::string rpc_bind(std::uint32_t call) {
  return rpc(11, call,
             from_hex("b810b810 00000000 01000000 0000 0100 785634123412cdabef000123456789ab"
                      "01000000 045d888aeb1cc9119fe808002b104860 02000000"));
}
std::string rpc_bind_answer(std::uint32_t call) {
  return rpc(12, call,
             from_hex("b810b810 d62a0000 0400 31333500 0000 01000000 0000 0000"
                      "045d888aeb1cc9119fe808002b104860 02000000"));
}

const test::conversation whole{
    test::client(smb2{0, 0, negotiate_request(), false, 0, 0, 0, 0}),
    test::server(smb2{0, 0, negotiate_response(), true, 0, 0, 0, 0}),
    test::client(smb2{1, 1, session_request(ntlm_authenticate("DOM", "alice", "HOST"))}),
    test::server(smb2{1, 1, session_response(), true}),
    test::client(smb2{3, 2, tree_request("\\\\srv\\data"), false, 0, 0, 0}),
    test::server(smb2{3, 2, tree_response(1), true}),
    test::client(smb2{5, 3, create_request("dir\\a.txt", 0x1000)}),
    test::server(smb2{5, 3, create_response('A'), true}),
    test::client(std::string(smb2{9, 4, write_request(file_id('A'), 0, std::string(300, 'w'))}) +
                 std::string(smb2{9, 5, write_request(file_id('A'), 300, "end")})),
    test::server(smb2{9, 4, write_response(), true}),
    test::client(smb2{8, 6, read_request(file_id('A'), 0)}),
    test::server(smb2{8, 6, read_response("content read"), true}),
    test::client(smb2{6, 7, close_request(file_id('A'))}),
    test::server(smb2{6, 7, close_response(), true})};

} // namespace

BOOST_AUTO_TEST_SUITE(smb_parser)

BOOST_AUTO_TEST_CASE(a_session_is_told_command_by_command) {
  flow f;
  for (const auto& [way, bytes] : whole)
    feed(f.parser, way, bytes);
  BOOST_REQUIRE(f.count() == 7U);
  BOOST_TEST(members_of(f.tx(0)) ==
             R"({"id":1,"dialect":"3.11","command":"SMB2_COMMAND_NEGOTIATE_PROTOCOL",)"
             R"("status":"STATUS_SUCCESS","status_code":"0x0","session_id":0,"tree_id":0,)"
             R"("client_dialects":["2.02","3.11"],)"
             R"("client_guid":"63636363-6363-6363-6363-636363636363",)"
             R"("server_guid":"67676767-6767-6767-6767-676767676767",)"
             R"("max_read_size":65536,"max_write_size":65536})");
  BOOST_TEST(f.buffer(1, buffer_index::ntlmssp_user) == "alice");
  BOOST_TEST(f.buffer(1, buffer_index::ntlmssp_domain) == "DOM");
  BOOST_TEST(f.says(1, R"("ntlmssp":{"domain":"DOM","user":"alice","host":"HOST",)"
                       R"("version":"6.1 build 7601 rev 15"})"));
  BOOST_TEST(f.buffer(2, buffer_index::share) == "\\\\srv\\data");
  BOOST_TEST(f.buffer(2, buffer_index::named_pipe) == "(none)");
  BOOST_TEST(f.says(2, R"("share":"\\\\srv\\data","share_type":"FILE")"));
  BOOST_TEST(f.says(3, R"("filename":"dir\\a.txt","disposition":"FILE_OPEN_IF",)"
                       R"("access":"delete on close","created":1555526400)"));
  BOOST_TEST(f.says(3, R"("size":99,"fuid":"41414141-4141-4141-7676-767676767676")"));
  BOOST_TEST(f.file(4, to_server) == "dir\\a.txt:" + std::string(300, 'w') + "end");
  BOOST_TEST(f.file(5, to_client) == "dir\\a.txt:content read");
  BOOST_TEST(f.tx(4).file(to_server, 0).content.complete);
  for (std::size_t i = 0; i < f.count(); ++i) {
    BOOST_TEST(f.tx(i).is_done());
    BOOST_TEST(f.tx(i).events().empty());
    BOOST_TEST(f.tx(i).field(static_cast<field_id>(field_index::version_ts), 0).value() == 2U);
  }
}

BOOST_AUTO_TEST_CASE(the_same_bytes_give_the_same_exchanges_however_they_are_cut) {
  const auto all = test::summaries_of_all_splits(
      [] { return std::make_unique<smb::parser>(settings{}); }, description, whole);
  for (const auto& one : all)
    BOOST_REQUIRE(one == all.front());
}

BOOST_AUTO_TEST_CASE(a_pipe_is_no_share_and_carries_calls) {
  flow f;
  f.connect("IPC$", 2);
  BOOST_TEST(f.buffer(0, buffer_index::named_pipe) == "IPC$");
  BOOST_TEST(f.buffer(0, buffer_index::share) == "(none)");
  f.open("spoolss", 'P');
  f.client(smb2{9, 3, write_request(file_id('P'), 0, rpc_bind(1))});
  f.client(smb2{8, 4, read_request(file_id('P'), 0)});
  f.server(smb2{8, 4, read_response(rpc_bind_answer(1)), true});
  const auto request = le(0, 4) + le(0, 2) + le(69, 2) + "stub";
  f.client(smb2{11, 5, control_request(0x11c017, file_id('P'), rpc(0, 2, request))});
  f.server(
      smb2{11, 5, control_response(0x11c017, file_id('P'), rpc(2, 2, le(0, 8) + "reply")), true});
  BOOST_REQUIRE(f.count() == 4U);
  BOOST_TEST(f.says(2, R"("dcerpc":{"request":"BIND","interfaces":)"
                       R"([{"uuid":"12345678-1234-abcd-ef00-0123456789ab","version":"1.0",)"
                       R"("ack_result":0,"ack_reason":0}],"response":"BINDACK","call_id":1})"));
  BOOST_TEST(f.buffer(3, buffer_index::stub_ts) == "stub");
  BOOST_TEST(f.tx(3).instances(static_cast<buffer_id>(buffer_index::interface_tc)) == 1U);
  BOOST_TEST(f.tx(3).field(static_cast<field_id>(field_index::operation_ts), 0).value() == 69U);
  BOOST_TEST(f.says(3, R"("command":"SMB2_COMMAND_IOCTL")"));
  BOOST_TEST(f.tx(3).is_done());
}

BOOST_AUTO_TEST_CASE(without_its_tree_the_content_tells_a_pipe_from_a_file) {
  flow f;
  f.client(smb2{9, 1, write_request(file_id('P'), 0, rpc_bind(1))});
  f.client(smb2{9, 2, write_request(file_id('F'), 0, std::string(200, 'f'))});
  BOOST_TEST(f.tx(0).get<pipe_call>() != nullptr);
  BOOST_TEST(f.tx(1).get<file_transfer>() != nullptr);
}

BOOST_AUTO_TEST_CASE(a_compound_works_on_the_handle_it_opens) {
  flow f;
  const auto chain = [](std::string a, std::string b, std::string c) { return record(a + b + c); };
  const auto part = [](smb2 one, bool last = false) {
    auto bytes = one.bytes();
    bytes.resize((bytes.size() + 7) & ~std::size_t{7});
    return last ? bytes
                : one.bytes(static_cast<std::uint32_t>(bytes.size())) +
                      std::string(bytes.size() - one.bytes().size(), '\0');
  };
  f.client(chain(part({5, 1, create_request("b.txt")}),
                 part({8, 2, read_request(compound_handle, 0), false, 0, 4}),
                 part({6, 3, close_request(compound_handle), false, 0, 4}, true)));
  f.server(chain(part({5, 1, create_response('B'), true}),
                 part({8, 2, read_response("hello"), true}),
                 part({6, 3, close_response(), true}, true)));
  BOOST_REQUIRE(f.count() == 3U);
  BOOST_TEST(f.file(2, to_client) == "b.txt:hello");
  BOOST_TEST(f.tx(2).is_done());
  BOOST_TEST(f.tx(1).session_id == 7U);
}

BOOST_AUTO_TEST_CASE(an_answer_that_is_pending_is_not_the_answer) {
  flow f;
  f.client(smb2{15, 1, "notify"});
  f.server(smb2{15, 1, std::string(9, '\0'), true, 0x103, 2});
  BOOST_TEST(!f.tx(0).is_done());
  f.server(smb2{15, 1, std::string(9, '\0'), true, 0xc0000120, 2});
  BOOST_TEST(f.tx(0).is_done());
  BOOST_TEST(f.says(0, R"("status":"STATUS_CANCELLED","status_code":"0xc0000120")"));
}

BOOST_AUTO_TEST_CASE(renames_and_settings_are_told) {
  flow f;
  f.open("old.txt", 'A');
  const std::string name = utf16("new.txt");
  f.client(
      smb2{17, 2, set_info_request(file_id('A'), 1, 10, le(0, 16) + le(name.size(), 4) + name)});
  f.client(smb2{17, 3, set_info_request(file_id('A'), 1, 13, "\x01")});
  f.client(smb2{11, 4, control_request(0x60194, compound_handle, le(4, 2) + utf16("\\srv\\dfs"))});
  BOOST_TEST(f.says(1, R"("rename":{"from":"old.txt","to":"new.txt"})"));
  BOOST_TEST(f.says(2,
                    R"("set_info":{"class":"FILE_INFO","info_level":"SMB2_FILE_DISPOSITION_INFO"},)"
                    R"("access":"delete on close")"));
  BOOST_TEST(f.says(3, R"("function":"FSCTL_DFS_GET_REFERRALS","get_dfs_referral":{"max_level":4,)"
                       R"("filename":"\\srv\\dfs"})"));
}

BOOST_AUTO_TEST_CASE(spnego_hides_neither_ntlm_nor_kerberos) {
  flow f;
  const auto spnego =
      ber(0xa1, ber(0x30, ber(0xa2, ber(0x04, ntlm_authenticate("D", "bob", "H")))));
  f.client(smb2{1, 1, session_request(spnego)});
  BOOST_TEST(f.buffer(0, buffer_index::ntlmssp_user) == "bob");
  const auto sname = ber(0x30, ber(0xa0, from_hex("020102")) +
                                   ber(0xa1, ber(0x30, ber(0x1b, "cifs") + ber(0x1b, "dc1"))));
  const auto ticket = ber(0x61, ber(0x30, ber(0xa0, from_hex("020105")) +
                                              ber(0xa1, ber(0x1b, "REALM")) + ber(0xa2, sname)));
  const auto ap_req =
      ber(0x60, from_hex("06092a864886f712010202 0100") + ber(0x6e, ber(0x30, ber(0xa3, ticket))));
  f.client(
      smb2{1, 2,
           session_request(ber(0x60, from_hex("06062b0601050502") +
                                         ber(0xa0, ber(0x30, ber(0xa2, ber(0x04, ap_req))))))});
  BOOST_TEST(f.says(1, R"("kerberos":{"realm":"REALM","snames":["cifs","dc1"]})"));
}

BOOST_AUTO_TEST_CASE(ntlm_that_contradicts_itself_is_named) {
  flow f;
  auto damaged = ntlm_authenticate("D", "U", "H");
  damaged[32] = '\xff'; // where the domain stands
  damaged[33] = '\xff';
  f.client(smb2{1, 1, session_request(damaged)});
  BOOST_TEST(f.has_event("malformed_ntlmssp_request"));
  flow cut;
  cut.client(smb2{1, 1, session_request(std::string{"NTLMSSP\0\3\0\0\0", 12})});
  BOOST_TEST(cut.has_event("malformed_ntlmssp_request"));
}

BOOST_AUTO_TEST_CASE(content_with_a_gap_goes_on_behind_it) {
  flow f;
  f.open("big.bin", 'A');
  const std::string message =
      smb2{9, 2, write_request(file_id('A'), 0, std::string(1000, 'x') + std::string(1000, 'y'))};
  f.client(message.substr(0, 600));
  f.parser.gap(to_server, 800);
  f.client(message.substr(1400));
  f.client(smb2{9, 3, write_request(file_id('A'), 2000, "more")});
  f.client(smb2{6, 4, close_request(file_id('A'))});
  const auto file = f.tx(1).file(to_server, 0);
  BOOST_TEST(file.content.total == 2004U);
  BOOST_TEST(file.truncated);
  BOOST_CHECK(file.content.bytes.back() == std::byte{'e'});
  BOOST_TEST(f.tx(1).is_done());
}

BOOST_AUTO_TEST_CASE(behind_a_gap_the_next_record_is_found) {
  flow f;
  f.client(std::string(smb2{3, 1, tree_request("one")}).substr(0, 50));
  f.parser.gap(to_server, 5000);
  f.client("rubbish" + std::string(smb2{3, 2, tree_request("two")}));
  BOOST_REQUIRE(f.count() == 1U);
  f.server(smb2{3, 2, tree_response(1), true});
  BOOST_TEST(f.buffer(0, buffer_index::share) == "two");
}

BOOST_AUTO_TEST_CASE(records_without_a_message_are_passed_over) {
  flow f;
  f.client(from_hex("81000044") + std::string(68, ' ') + from_hex("85000000"));
  f.client(record("") + record("ab") + record("padding that is no message"));
  f.client(record("\xfdSMB" + std::string(100, 'e')) + record("\xfcSMB" + std::string(30, 'c')));
  f.client(from_hex("77777777") + std::string(smb2{13, 1, "echo"}));
  BOOST_REQUIRE(f.count() == 1U);
  BOOST_TEST(f.says(0, "SMB2_COMMAND_KEEPALIVE"));
}

BOOST_AUTO_TEST_CASE(messages_that_go_the_wrong_way_are_named) {
  flow f;
  f.client(smb2{3, 1, tree_response(1), true});
  f.server(smb2{3, 1, tree_request("x")});
  BOOST_TEST(f.has_event("response_to_server"));
  BOOST_TEST(f.has_event("request_to_client"));
  flow old;
  old.client(smb1{0x72, "", "", true});
  BOOST_TEST(old.has_event("response_to_server"));
}

BOOST_AUTO_TEST_CASE(bodies_that_are_too_short_are_malformed_in_every_command) {
  for (std::uint16_t command = 0; command < 19; ++command)
    for (std::size_t size = 0; size < 60; size += 3) {
      flow f;
      const std::string body(size, '\x7f');
      f.client(smb2{command, 1, body});
      f.server(smb2{command, 1, body, true});
      const bool reads_it = command <= 1 || command == 3 || command == 5 || command == 6 ||
                            command == 8 || command == 9 || command == 11 || command == 17;
      if (reads_it && size < 4)
        BOOST_TEST(f.has_event("malformed_data"), "command " << command << " size " << size);
    }
  for (int command = 0; command < 256; ++command)
    for (std::size_t size = 0; size < 70; size += 6) {
      flow f;
      const std::string words(size, '\x10');
      f.client(smb1{command, words, std::string(size, '\x11')});
      f.server(smb1{command, words, std::string(size, '\x11'), true});
    }
}

BOOST_AUTO_TEST_CASE(sizes_over_the_settings_are_named) {
  flow f{settings{.max_read_size = 10, .max_write_size = 10}};
  f.client(smb2{0, 0, negotiate_request()});
  f.server(smb2{0, 0, negotiate_response(), true});
  f.client(smb2{9, 1, write_request(file_id('A'), 0, std::string(20, 'x'))});
  f.client(smb2{8, 2, read_request(file_id('A'), 0, 20)});
  f.server(smb2{8, 2, read_response(std::string(20, 'x')), true});
  for (const auto* event :
       {"negotiate_max_read_size_too_large", "negotiate_max_write_size_too_large",
        "write_request_too_large", "read_request_too_large", "read_response_too_large"})
    BOOST_TEST(f.has_event(event), event);
}

BOOST_AUTO_TEST_CASE(queues_over_the_settings_are_named) {
  flow f{settings{.max_read_queue_size = 4, .max_write_queue_count = 1}};
  f.client(smb2{9, 1, write_request(file_id('A'), 100, "a")});
  f.client(smb2{9, 2, write_request(file_id('A'), 200, "b")});
  f.client(smb2{8, 3, read_request(file_id('B'), 100)});
  f.server(smb2{8, 3, read_response("too large to wait"), true});
  BOOST_TEST(f.has_event("write_queue_cnt_exceeded"));
  BOOST_TEST(f.has_event("read_queue_size_exceeded"));
  f.client(smb2{9, 4, write_request(file_id('A'), 0, "again")});
  BOOST_TEST(f.has_event("file_overlap"));
}

BOOST_AUTO_TEST_CASE(exchanges_are_bounded) {
  flow f{settings{.limit_live = 4}};
  for (unsigned i = 0; i < 100; ++i)
    f.client(smb2{13, i, "echo"});
  BOOST_TEST(f.count() == 8U);
  BOOST_TEST(f.has_event("too_many_transactions"));
  BOOST_TEST(f.tx(0).is_done());
  for (std::uint64_t i = 0; i < 8; ++i)
    f.parser.release(i);
  BOOST_TEST(f.count() == 0U);
}

BOOST_AUTO_TEST_CASE(an_unfinished_file_ends_with_its_direction) {
  flow f;
  f.client(smb2{9, 1, write_request(file_id('A'), 0, "half a file")});
  f.parser.end(to_server);
  f.parser.end(to_client);
  BOOST_TEST(f.tx(0).is_done());
  BOOST_TEST(f.tx(0).file(to_server, 0).truncated);
  BOOST_TEST(!f.tx(0).file(to_server, 0).content.complete);
}

BOOST_AUTO_TEST_CASE(smb1_tells_dialects_names_and_trees) {
  flow f;
  f.client(smb1{0x72, "", std::string{"\2PC\0\2NT LM 0.12\0", 16}});
  f.server(
      smb1{0x72, le(1, 2) + le(0, 17) + le(0x80000000, 4) + le(0, 11), std::string(16, 'g'), true});
  BOOST_TEST(f.says(0, R"("dialect":"NT LM 0.12","command":"SMB1_COMMAND_NEGOTIATE_PROTOCOL")"));
  BOOST_TEST(f.says(0, R"("client_dialects":["PC","NT LM 0.12"],"server_guid":"67676767-)"));
  const auto blob = ntlm_authenticate("DOM", "carol", "PC");
  f.client(smb1{0x73, no_andx + le(0, 10) + le(blob.size(), 2) + le(0, 8),
                blob + std::string{"Unix\0Samba\0", 11}, false, 0, 2});
  f.server(smb1{0x73, no_andx + le(0, 4), std::string{"Windows\0LM\0", 11}, true, 0, 2});
  BOOST_TEST(f.buffer(1, buffer_index::ntlmssp_user) == "carol");
  BOOST_TEST(f.says(1, R"("request":{"native_os":"Unix","native_lm":"Samba"},)"
                       R"("response":{"native_os":"Windows","native_lm":"LM"})"));
  f.client(smb1{0x75, no_andx + le(0, 2) + le(1, 2), std::string{"\0\\\\srv\\IPC$\0?????\0", 19}});
  f.server(smb1{0x75, no_andx + le(0, 2), std::string{"IPC\0", 4}, true});
  BOOST_TEST(f.buffer(2, buffer_index::named_pipe) == "\\\\srv\\IPC$");
  BOOST_TEST(f.says(2, R"("service":{"request":"?????","response":"IPC"})"));
  f.server(smb1{0x74, "", "", true, 0x005b0002, 9, 0});
  BOOST_TEST(f.says(3, R"("status":"SRV_BADUID","status_code":"0x005b")"));
}

BOOST_AUTO_TEST_CASE(smb1_files_and_pipes_are_followed) {
  flow f;
  f.client(smb1{0xa2, no_andx + le(0, 31) + le(5, 4) + le(0x40, 4) + le(0, 5),
                std::string{"\\eicar\0", 7}});
  f.server(smb1{0xa2, no_andx + le(0, 1) + le(0x4002, 2) + le(0, 61), "", true});
  BOOST_TEST(f.says(0, R"("filename":"\\eicar","disposition":"FILE_OVERWRITE_IF")"));
  BOOST_TEST(f.says(0, R"("fuid":"4002")"));
  const auto write = [](std::uint64_t offset, const std::string& data) {
    return smb1{0x2f,
                no_andx + le(0x4002, 2) + le(offset, 4) + le(0, 10) + le(data.size(), 2) +
                    le(64, 2) + le(0, 4),
                std::string(1, '\0') + data};
  };
  f.client(write(0, std::string(100, 'e')));
  f.client(write(100, "nd"));
  f.client(smb1{0x2e, no_andx + le(0x4002, 2) + le(0, 4) + le(99, 2) + le(0, 8), "", false, 0, 8});
  f.server(smb1{0x2e, no_andx + le(0, 6) + le(4, 2) + le(60, 2) + le(0, 10),
                std::string(1, '\0') + "read", true, 0, 8});
  f.client(smb1{0x04, le(0x4002, 2) + le(0, 4), ""});
  BOOST_TEST(f.file(1, to_server) == "\\eicar:" + std::string(100, 'e') + "nd");
  BOOST_TEST(f.file(2, to_client) == "\\eicar:read");
  BOOST_TEST(f.tx(1).is_done());
  const auto call = rpc(0, 2, le(0, 4) + le(0, 2) + le(15, 2) + "in");
  f.client(smb1{0x25,
                le(0, 22) + le(call.size(), 2) + le(67, 2) + le(2, 2) + le(0x26, 2) + le(0x4003, 2),
                call});
  const auto reply = rpc(2, 2, le(0, 8) + "out");
  f.server(smb1{0x25, le(0, 12) + le(reply.size(), 2) + le(55, 2) + le(0, 4), reply, true});
  const auto last = f.count() - 1;
  BOOST_TEST(f.buffer(last, buffer_index::stub_ts) == "in");
  BOOST_TEST(f.tx(last).is_done());
}

BOOST_AUTO_TEST_CASE(commands_chained_by_andx_are_taken_one_after_the_other) {
  flow f;
  const auto setup = std::string{"Unix\0Samba\0", 11};
  const auto second_at = 32 + 1 + 24 + 2 + setup.size();
  const auto chained = smb1{0x73, le(0x75, 2) + le(second_at, 2) + le(0, 20), setup}.bytes();
  f.client(record(chained + le(4, 1) + no_andx + le(0, 2) + le(0, 2) + le(12, 2) +
                  std::string{"\\\\s\\d\0A:\0\0\0\0", 12}));
  BOOST_REQUIRE(f.count() == 2U);
  BOOST_TEST(f.says(0, "SMB1_COMMAND_SESSION_SETUP_ANDX"));
  BOOST_TEST(f.says(1, "SMB1_COMMAND_TREE_CONNECT_ANDX"));
}

BOOST_AUTO_TEST_CASE(smb2_may_answer_a_negotiation_of_smb1) {
  flow f;
  f.client(smb1{0x72, "", std::string{"\2SMB 2.???\0", 11}});
  f.server(smb2{0, 0, negotiate_response(), true, 0, 0, 0, 0});
  BOOST_REQUIRE(f.count() == 1U);
  BOOST_TEST(f.tx(0).is_done());
  BOOST_TEST(f.says(0, R"("command":"SMB1_COMMAND_NEGOTIATE_PROTOCOL","status":"STATUS_SUCCESS")"));
  BOOST_TEST(f.tx(0).field(static_cast<field_id>(field_index::version_tc), 0).value() == 1U);
}

BOOST_AUTO_TEST_CASE(dialects_that_are_no_list_are_named) {
  flow f;
  f.client(smb1{0x72, "", "\3nonsense"});
  BOOST_TEST(f.has_event("negotiate_malformed_dialects"));
}

BOOST_AUTO_TEST_CASE(frames_of_the_record_and_of_each_message_of_a_chain_are_named) {
  const auto names = [](smb::parser& of) {
    std::string all;
    for (const auto& one : of.frames()->frames())
      all += std::string{one.type} + ' ' + std::to_string(one.offset) + '+' +
             std::to_string(one.bytes.size()) + (one.is_complete ? "; " : "?; ");
    return all;
  };
  auto first = std::string{"\xfeSMB"} + std::string(16, '\0') + le(72, 4) + std::string(40, '\0') +
               std::string(8, 'a');
  const auto second = std::string{"\xfeSMB"} + std::string(60, '\0') + "bcd";
  const auto sent = std::string{'\0', '\0', '\0', static_cast<char>(first.size() + second.size())} +
                    first + second;
  for (std::size_t split = 0; split <= sent.size(); split += 7) {
    flow f;
    f.parser.frames()->wake();
    f.parser.bytes(to_server, as_bytes(std::string_view{sent}.substr(0, split)), {});
    f.parser.bytes(to_server, as_bytes(std::string_view{sent}.substr(split)), {});
    BOOST_TEST_CONTEXT("split at " << split) {
      BOOST_TEST(names(f.parser) ==
                 "nbss.pdu 0+143; nbss.hdr 0+4; nbss.data 4+139; smb2.pdu 4+72; smb2.hdr 4+64; "
                 "smb2.data 68+8; smb2.pdu 76+67; smb2.hdr 76+64; smb2.data 140+3; ");
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()
