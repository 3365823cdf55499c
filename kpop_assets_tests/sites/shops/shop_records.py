"""A record of an album as each shop answers it, for tests to damage."""

ITUNES_ALBUM = {
    "wrapperType": "collection",
    "collectionId": 1,
    "artistName": "X1",
    "collectionName": "비상 - EP",
    "releaseDate": "2019-08-27T07:00:00Z",
    "artworkUrl100": "https://is1-ssl.mzstatic.com/image/a/100x100bb.jpg",
}
DEEZER_ALBUM = {
    "id": 7,
    "title": "Hello",
    "md5_image": "d",
    "cover_xl": "https://cdn-images.dzcdn.net/images/cover/d/1000x1000-000000-80-0-0.jpg",
    "artist": {"name": "Cho Yong-pil"},
}
UUID = "f9a03a69-4bd5-5114-b58f-9d8cfbd60d58"
GROUP = {
    "id": UUID,
    "title": "JUST US",
    "first-release-date": "2014",
    "artist-credit": [{"name": "JYJ", "joinphrase": " & "}, {"name": "친구"}],
}
