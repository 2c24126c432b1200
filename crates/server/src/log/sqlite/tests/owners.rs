//! Each owner has its own ids, its own view, and a list and a stream of what it sent.

use jiff::Timestamp;

use super::*;

fn owner(name: &str) -> Audience {
    Audience::Owner(name.to_owned())
}

async fn events(log: &SqliteLog, audience: &Audience) -> Vec<String> {
    let pages: Vec<_> = log.since(audience, Some(0)).try_collect().await.unwrap();
    let events = pages.concat().into_iter();
    events
        .map(|event| String::from_utf8(event.bytes.to_vec()).unwrap())
        .collect()
}

async fn entry(log: &SqliteLog, address: &TodoAddress) -> TodoEntry {
    log.get(address).await.unwrap().unwrap()
}

#[tokio::test]
async fn the_same_id_of_two_owners_is_two_todos() {
    let folder = tempfile::tempdir().unwrap();
    let log = SqliteLog::open(folder.path(), Some(0)).unwrap();
    let (hr, crm) = (sent("ann", "hr", "7"), sent("ann", "crm", "7"));
    for round in ["first", "second"] {
        put_at(&log, hr.clone(), upsert(&format!("{round} of HR")))
            .await
            .unwrap();
        put_at(&log, crm.clone(), upsert(&format!("{round} of CRM")))
            .await
            .unwrap();
    }
    let (of_hr, of_crm) = (entry(&log, &hr).await, entry(&log, &crm).await);
    assert_eq!(of_hr.todo.title, "second of HR");
    assert_eq!(of_crm.todo.title, "second of CRM");
    assert_eq!(
        (of_hr.todo.id.as_str(), of_hr.owner_id.as_str()),
        ("7", "7")
    );
    assert_ne!(of_crm.todo.id, "7");
    assert_eq!(of_crm.for_owner().todo.id, "7");
    assert_eq!(events(&log, &user("ann")).await.len(), 2);
}

#[tokio::test]
async fn an_owner_sees_what_it_sent_to_anybody_and_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let log = SqliteLog::open(folder.path(), Some(0)).unwrap();
    for (user, owner) in [("ann", "hr"), ("bob", "hr"), ("ann", "crm")] {
        put_at(&log, sent(user, owner, "7"), upsert(owner))
            .await
            .unwrap();
    }
    put_at(&log, of("bob", "7"), done()).await.unwrap();
    let events = events(&log, &owner("hr")).await;
    assert_eq!(seqs(&events), [1, 4]);
    assert!(events[0].contains(r#""user":"ann""#) && events[0].contains(r#""id":"7""#));
    assert!(events[1].contains(r#""user":"bob""#) && events[1].contains(r#""status":"done""#));
}

#[tokio::test]
async fn a_subscribed_owner_hears_what_its_person_did() {
    let folder = tempfile::tempdir().unwrap();
    let log = SqliteLog::open(folder.path(), Some(0)).unwrap();
    put_at(&log, sent("ann", "crm", "7"), upsert("t"))
        .await
        .unwrap();
    let address = sent("ann", "hr", "7");
    put_at(&log, address.clone(), upsert("t")).await.unwrap();
    let seen = entry(&log, &address).await.todo.id;
    let mut subscription = log.subscribe(&owner("hr"));
    put_at(&log, of("ann", &seen), done()).await.unwrap();
    let event = subscription.next().await.unwrap();
    let text = String::from_utf8(event.bytes.to_vec()).unwrap();
    assert!(
        text.contains(r#""id":"7""#) && text.contains(r#""user":"ann""#),
        "{text}"
    );
    assert!(text.contains(r#""status":"done""#), "{text}");
}

#[tokio::test]
async fn only_the_owner_deletes_and_its_tombstone_keeps_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let log = SqliteLog::open(folder.path(), Some(0)).unwrap();
    let address = sent("ann", "hr", "7");
    put_at(&log, address.clone(), upsert("A secret"))
        .await
        .unwrap();
    assert!(matches!(
        put_at(&log, of("ann", "7"), TodoEdit::Delete).await,
        Err(WriteError::Refused {
            refusal: Refusal::NotOwner,
            ..
        })
    ));
    put_at(&log, address.clone(), TodoEdit::Delete)
        .await
        .unwrap();
    let events = replay(&log, Some(0)).await;
    assert_eq!(seqs(&events), [2]);
    assert!(events[0].contains(r#""deleted":true"#) && !events[0].contains("secret"));
    assert!(events[0].contains(r#""status":"cancelled""#));
    for address in [address.clone(), of("ann", "7")] {
        assert_eq!(log.get(&address).await.unwrap(), None);
    }
    let page = log.list(
        &user("ann"),
        ListOptions {
            limit: 9,
            ..ListOptions::default()
        },
    );
    assert_eq!(page.await.unwrap().entries, []);
    assert!(matches!(
        put_at(&log, address, upsert("Again")).await,
        Ok(PutOutcome::Created(_))
    ));
}

#[tokio::test]
async fn several_writes_are_all_done_or_none() {
    let folder = tempfile::tempdir().unwrap();
    let log = SqliteLog::open(folder.path(), Some(0)).unwrap();
    let writes = |last: TodoEdit| {
        vec![
            TodoWrite::new(sent("ann", "hr", "1"), upsert("one")),
            TodoWrite::new(sent("bob", "hr", "1"), upsert("one")),
            TodoWrite::new(sent("cid", "hr", "1"), last),
        ]
    };
    assert!(matches!(
        log.write(writes(done())).await,
        Err(WriteError::Refused {
            index: 2,
            refusal: Refusal::Unknown
        })
    ));
    assert_eq!(events(&log, &owner("hr")).await, [""; 0]);
    assert_eq!(log.write(writes(upsert("one"))).await.unwrap().len(), 3);
    assert_eq!(events(&log, &owner("hr")).await.len(), 3);
    assert_eq!(log.users().await.unwrap(), ["ann", "bob", "cid"]);
}

#[tokio::test]
async fn a_write_may_depend_on_the_state_it_was_made_for() {
    let folder = tempfile::tempdir().unwrap();
    let log = SqliteLog::open(folder.path(), Some(0)).unwrap();
    let write = |condition| TodoWrite {
        condition,
        ..TodoWrite::new(sent("ann", "hr", "1"), upsert("one"))
    };
    let refused = |outcome: Result<_, WriteError>| {
        matches!(
            outcome,
            Err(WriteError::Refused {
                refusal: Refusal::Changed,
                ..
            })
        )
    };
    assert!(refused(
        log.write(vec![write(WriteCondition::Exists)]).await
    ));
    put_at(&log, sent("ann", "hr", "1"), upsert("zero"))
        .await
        .unwrap();
    assert!(refused(
        log.write(vec![write(WriteCondition::Seq(vec![7]))]).await
    ));
    let seen = WriteCondition::Seq(vec![7, 1]);
    assert!(log.write(vec![write(seen)]).await.is_ok());
}

#[tokio::test]
async fn what_is_closed_for_long_is_purged_and_what_is_open_stays() {
    let folder = tempfile::tempdir().unwrap();
    let log = SqliteLog::open(folder.path(), Some(0)).unwrap();
    for id in ["open", "done", "deleted"] {
        put(&log, "ann", id, upsert(id)).await.unwrap();
    }
    put(&log, "ann", "done", done()).await.unwrap();
    put(&log, "ann", "deleted", TodoEdit::Delete).await.unwrap();
    let hour = jiff::SignedDuration::from_hours(1);
    assert_eq!(log.purge(Timestamp::now() - hour).await.unwrap(), 0);
    assert_eq!(log.purge(Timestamp::now() + hour).await.unwrap(), 2);
    assert_eq!(log.purge(Timestamp::now() + hour).await.unwrap(), 0);
    assert_eq!(seqs(&replay(&log, Some(0)).await), [1]);
}
