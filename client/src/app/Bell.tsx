import { BellOutlined } from '@ant-design/icons'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Badge, Drawer } from 'antd'
import { useEffect, useState } from 'react'
import { Link, useLocation } from 'react-router-dom'
import type { NoticeView } from '../../../server/notices/schema.ts'
import { noticeText } from '../../../server/wording/index.ts'
import { api } from '../api/client.ts'
import { queries } from '../api/queries.ts'
import { ListMore } from '../components/ListMore.tsx'
import { Resource } from '../components/Resource.tsx'
import { Panel } from '../components/states.tsx'
import { testId } from '../components/testId.ts'
import { useList } from '../components/useList.ts'
import { ago, instant } from '../format.ts'
import { useText } from '../i18n/index.ts'

/** The bell: how many notices nobody has seen yet, and all of them when it is opened. */
export function Bell() {
  const { t } = useText()
  const [open, setOpen] = useState(false)
  const { data } = useQuery(queries.attention())
  const { pathname, search } = useLocation()
  // biome-ignore lint/correctness/useExhaustiveDependencies: going to what a notice is about closes the list
  useEffect(() => setOpen(false), [pathname, search])
  const unseen = data?.notices ?? 0
  return (
    <>
      <button
        type="button"
        className="bell"
        aria-label={unseen > 0 ? t('notices.openCount', { n: unseen, count: unseen }) : t('notices.open')}
        aria-expanded={open}
        title={t('notices.open')}
        onClick={() => setOpen(true)}
        data-testid="bell"
        data-unseen={unseen}
      >
        <Badge count={unseen} size="small" overflowCount={99}>
          <BellOutlined />
        </Badge>
      </button>
      <Drawer
        open={open}
        onClose={() => setOpen(false)}
        size={420}
        title={t('notices.title')}
        destroyOnHidden
        {...testId('notices')}
      >
        <Notices />
      </Drawer>
    </>
  )
}

/** The notices, newest first; having been shown they count as seen. */
function Notices() {
  const { t } = useText()
  const client = useQueryClient()
  const list = useList(queries.notices())
  const { mutate } = useMutation({
    mutationFn: () => api.post('/notices/seen'),
    // The list keeps its marks until it is opened again, so that one sees what is new.
    onSuccess: () => client.invalidateQueries({ queryKey: ['attention'] }),
  })
  const unseen = list.first?.unseen ?? 0
  useEffect(() => {
    if (unseen > 0) mutate()
  }, [unseen, mutate])
  return (
    <Resource
      query={list.query}
      empty={{
        when: (items) => items.length === 0,
        show: <Panel testId="notices-empty" title={t('notices.empty')} hint={t('notices.emptyHint')} />,
      }}
    >
      {(items) => (
        <>
          <ul className="notices">
            {items.map((notice) => (
              <Notice key={notice.id} notice={notice} />
            ))}
          </ul>
          <ListMore shown={items.length} total={list.total} {...list.more} />
        </>
      )}
    </Resource>
  )
}

function Notice({ notice }: { notice: NoticeView }) {
  const { t } = useText()
  const { params } = notice
  const said = params.reason ?? params.answer
  return (
    <li className={notice.seen ? '' : 'notice-new'} data-testid="notice" data-kind={notice.kind}>
      <Link to={notice.link}>{noticeText({ t }, notice.kind, params)}</Link>
      {said && <p className="reason-said">{said}</p>}
      <div className="hint" title={instant(notice.at)}>
        {ago(notice.at, new Date(), t)}
        {params.by && ` · ${params.by}`}
        {!notice.seen && <b className="notice-mark"> · {t('notices.fresh')}</b>}
      </div>
    </li>
  )
}
