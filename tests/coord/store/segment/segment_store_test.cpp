#include "coord/segment/importer.hpp"
#include "coord/segment/registry.hpp"
#include "coord/store/connection_pool.hpp"
#include "coord/store/segment/segment_store.hpp"
#include "tests/coord/store/store_fixture.hpp"

using namespace cresset;
using namespace cresset::coord;
using namespace cresset::coord::segment;
using incident::store_errc;

namespace {

struct segment_fixture : tests::store_fixture {
  store::segment::segment_store registry{pool};
  const timestamp at = tests::this_moment();
  const segment::day today = std::chrono::floor<std::chrono::days>(at);

  static std::vector<record> listed(const char* text, const char* owner = "") {
    const auto read = read_import(text, {import_format::prefix_list, "KZ", "KZ", owner});
    BOOST_REQUIRE(read);
    return read->records;
  }
  import_answer import(const std::vector<record>& records, bool dry_run = false,
                       const char* source = "kz") {
    const auto done = registry.import(
        {source, "prefix_list", std::string(64, 'a'), "", records, "ana", at, dry_run});
    BOOST_REQUIRE_MESSAGE(done, (done ? "" : done.error().text));
    return *done;
  }
  std::vector<std::string> keys() {
    std::vector<std::string> found;
    const auto all = registry.search({});
    BOOST_REQUIRE(all);
    for (const auto& r : *all)
      found.push_back(r.source + " " + r.what.key + " " + r.what.owner);
    return found;
  }
  std::int64_t journalled() {
    return number("SELECT count(*) FROM journal WHERE kind = 'segment_changed'");
  }
  record contact(std::string owner, std::string email) {
    record r;
    r.kind = record_kind::contact;
    r.owner = std::move(owner);
    r.email = std::move(email);
    return r;
  }
};

using texts = std::vector<std::string>;

} // namespace

BOOST_FIXTURE_TEST_SUITE(coord_store_segment, segment_fixture)

BOOST_AUTO_TEST_CASE(an_import_is_what_there_is_of_its_source_and_twice_is_once) {
  const auto first = import(listed("10.0.0.0/8\n2001:db8::/32\n"));
  BOOST_REQUIRE(first.made);
  BOOST_TEST(first.made->added == 2);
  BOOST_TEST(!import(listed("10.0.0.0/8\n2001:db8::/32\n")).made);
  BOOST_TEST(journalled() == 1);
  const auto second = import(listed("10.0.0.0/8\n11.0.0.0/8\n"));
  BOOST_TEST(second.made->added == 1);
  BOOST_TEST(second.made->removed == 1);
  BOOST_TEST(keys() == (texts{"kz 10.0.0.0/8 ", "kz 11.0.0.0/8 "}),
             boost::test_tools::per_element());
  const auto content = registry.content_of(second.made->id, 10);
  BOOST_REQUIRE(content);
  BOOST_TEST(content->added.at(0).key == "11.0.0.0/8");
  BOOST_TEST(content->removed.at(0).key == "2001:0db8:0000:0000:0000:0000:0000:0000/32");
  BOOST_TEST(text("SELECT convert_from(body, 'UTF8')::jsonb ->> 'text' FROM journal ORDER BY "
                  "sequence DESC LIMIT 1") ==
             "segment: import of kz: 1 added, 0 changed, 1 removed");
}

BOOST_AUTO_TEST_CASE(a_dry_run_says_all_and_changes_nothing) {
  import(listed("10.0.0.0/8\n"));
  const auto dry = import(listed("10.0.0.0/8\n11.0.0.0/8\n", "isp"), true);
  BOOST_TEST(!dry.made);
  BOOST_TEST(dry.what.added.size() == 1U);
  BOOST_TEST(dry.what.changed.size() == 1U);
  BOOST_TEST(dry.unknown_owners == texts{"isp"}, boost::test_tools::per_element());
  BOOST_TEST(keys() == texts{"kz 10.0.0.0/8 "}, boost::test_tools::per_element());
  BOOST_TEST(registry.head()->value == 1);
}

BOOST_AUTO_TEST_CASE(undo_puts_back_what_was_there_the_last_change_first) {
  const auto one = import(listed("10.0.0.0/8\n11.0.0.0/8\n"));
  const auto two = import(listed("10.0.0.0/8\n12.0.0.0/8\n", "isp"));
  const auto early = registry.undo(one.made->id, "ana", at);
  BOOST_REQUIRE(!early);
  BOOST_TEST((early.error().why == store_errc::refused));
  BOOST_TEST(early.error().text == "later changes of kz stand on it: undo 2 first");
  const auto undone = registry.undo(two.made->id, "ana", at);
  BOOST_REQUIRE(undone);
  BOOST_TEST((undone->undoes == two.made->id));
  BOOST_TEST(undone->changed == 1);
  BOOST_TEST(keys() == (texts{"kz 10.0.0.0/8 ", "kz 11.0.0.0/8 "}),
             boost::test_tools::per_element());
  BOOST_TEST(!registry.undo(two.made->id, "ana", at));
  BOOST_TEST(!registry.undo(undone->id, "ana", at));
  BOOST_REQUIRE(registry.undo(one.made->id, "ana", at));
  BOOST_TEST(keys().empty());
  BOOST_TEST(journalled() == 4);
  BOOST_TEST((registry.undo({99}, "ana", at).error().why == store_errc::not_found));
  const auto listed_changes = registry.change_sets({}, 2);
  BOOST_REQUIRE(listed_changes);
  BOOST_TEST(listed_changes->size() == 2U);
  BOOST_TEST(listed_changes->front().id.value == 4);
  BOOST_TEST(registry.change_sets({2}, 10)->front().id.value == 1);
}

BOOST_AUTO_TEST_CASE(what_is_edited_here_stands_beside_the_imports) {
  import(listed("10.0.0.0/8\n"));
  record own;
  own.kind = record_kind::prefix;
  own.key = "10.1.0.0/16";
  own.owner = "plant";
  own.ours = true;
  BOOST_REQUIRE(registry.put(own, "ana", at));
  own.sector = "energy";
  const auto again = registry.put(own, "ana", at);
  BOOST_REQUIRE(again);
  BOOST_TEST(again->changed == 1);
  BOOST_TEST(keys() == (texts{"kz 10.0.0.0/8 ", "manual 10.1.0.0/16 plant"}),
             boost::test_tools::per_element());
  const auto around = registry.around(*ip_address::parse("10.1.2.3"));
  BOOST_REQUIRE(around);
  BOOST_REQUIRE(around->size() == 2U);
  BOOST_TEST(around->front().what.sector == "energy");
  BOOST_TEST((registry.remove(around->back().id, "ana", at).error().why == store_errc::refused));
  BOOST_REQUIRE(registry.remove(around->front().id, "ana", at));
  BOOST_TEST((registry.remove(around->front().id, "ana", at).error().why == store_errc::not_found));
  own.key = "10.1.0.1/16";
  BOOST_TEST((registry.put(own, "ana", at).error().why == store_errc::refused));
  const segment::registry book{*registry.live(), today};
  BOOST_TEST(book.find(*ip_address::parse("10.1.2.3")).is_ours);
}

BOOST_AUTO_TEST_CASE(search_pages_and_finds_by_part_owner_and_kind) {
  import(listed("10.0.0.0/8\n11.0.0.0/8\n12.0.0.0/8\n", "isp"));
  record isp;
  isp.key = "isp";
  isp.name = "Интернет 100%";
  BOOST_REQUIRE(registry.put(isp, "ana", at));
  BOOST_REQUIRE(registry.put(contact("isp", "noc@isp.kz"), "ana", at));
  record_query query;
  query.limit = 2;
  texts found;
  for (;;) {
    const auto page = registry.search(query);
    BOOST_REQUIRE(page);
    for (const auto& r : *page)
      found.push_back(r.what.key);
    if (page->size() < 2)
      break;
    query.after = page->back().id;
  }
  BOOST_TEST(found == (texts{"isp", "isp/noc@isp.kz", "10.0.0.0/8", "11.0.0.0/8", "12.0.0.0/8"}),
             boost::test_tools::per_element());
  const auto count = [&](record_query one) { return registry.search(one)->size(); };
  BOOST_TEST(count({std::nullopt, "100%", "", "", "", {}, 50}) == 1U);
  BOOST_TEST(count({std::nullopt, "1%0", "", "", "", {}, 50}) == 0U);
  BOOST_TEST(count({std::nullopt, "NOC@", "", "", "", {}, 50}) == 1U);
  BOOST_TEST(count({std::nullopt, "", "isp", "", "", {}, 50}) == 5U);
  BOOST_TEST(count({record_kind::prefix, "", "isp", "kz", "KZ", {}, 50}) == 3U);
  BOOST_TEST(count({std::nullopt, "'; DROP TABLE journal; --", "", "", "", {}, 50}) == 0U);
}

BOOST_AUTO_TEST_CASE(contacts_and_owners_hold_on_their_days) {
  auto now_there = contact("isp", "a@isp.kz");
  now_there.valid.from = today;
  auto gone = contact("isp", "b@isp.kz");
  gone.valid.to = today - std::chrono::days{1};
  BOOST_REQUIRE(registry.put(now_there, "ana", at));
  BOOST_REQUIRE(registry.put(gone, "ana", at));
  const auto contacts = registry.contacts_of("isp", today);
  BOOST_REQUIRE(contacts);
  BOOST_REQUIRE(contacts->size() == 1U);
  BOOST_TEST(contacts->front().email == "a@isp.kz");
  BOOST_TEST((registry.owner("isp", today).error().why == store_errc::not_found));
}

BOOST_AUTO_TEST_CASE(domains_and_as_numbers_are_found_from_within) {
  const auto read = read_import("kind,key,owner\ndomain,kz,state\ndomain,plant.kz,plant\n"
                                "as_number,AS1-AS100,isp\nas_number,AS50,plant\n",
                                {import_format::csv, "", "", ""});
  BOOST_REQUIRE(read);
  import(read->records, false, "table");
  const auto domain = registry.around(std::string{"www.plant.kz"});
  BOOST_REQUIRE(domain);
  BOOST_REQUIRE(domain->size() == 2U);
  BOOST_TEST(domain->front().what.owner == "plant");
  const auto as = registry.around(std::uint32_t{50});
  BOOST_REQUIRE(as);
  BOOST_REQUIRE(as->size() == 2U);
  BOOST_TEST(as->front().what.owner == "plant");
  BOOST_TEST(registry.around(std::uint32_t{101})->empty());
}

BOOST_AUTO_TEST_CASE(a_group_says_whose_its_victim_is_and_which_way_it_went) {
  import(listed("10.0.0.0/8\n", "isp"));
  const auto live = registry.live();
  BOOST_REQUIRE(live);
  incident::address_books books;
  books.replace(std::make_shared<segment::registry>(*live, today));
  alerts.use(books);
  auto out = alert_from(0x01010101);
  std::swap(out.tuple->source, out.tuple->destination);
  send({alert_from(0x01010101), out});
  BOOST_TEST(number("SELECT count(*) FROM alert_group WHERE victim = '10.0.0.1' AND owner = 'isp' "
                    "AND victim_country = 'KZ' AND attacker = '1.1.1.1'") == 2);
  BOOST_TEST(text("SELECT string_agg(direction::text, ',' ORDER BY direction) FROM alert_group") ==
             "2,5");
}

BOOST_AUTO_TEST_CASE(a_source_needs_a_name_of_its_own) {
  for (const auto* wrong : {"", "manual", "Up", "a b"}) {
    const auto refused = registry.import({wrong, "csv", "", "", {}, "ana", at, false});
    BOOST_REQUIRE(!refused);
    BOOST_TEST((refused.error().why == store_errc::refused));
  }
}

BOOST_AUTO_TEST_SUITE_END()
